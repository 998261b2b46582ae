import type { Backend, Door } from '../door.ts';
import { ANY_PATH, type PathMatch } from '../match.ts';
import type { ConfigurationFile } from '../read.ts';
import { at, listAt, textAt, textsAt } from '../values.ts';

/** The doors of a Kong declarative configuration: one for each path of each route. */
export function kongDoors({ file, value }: ConfigurationFile<unknown>): Door[] {
  const services = listAt(value, 'services');
  const nested = services.flatMap((service) =>
    listAt(service, 'routes').map((route) => ({ service, route })),
  );
  const own = listAt(value, 'routes').map((route) => ({
    service: services.find((service) => refersTo(at(route, 'service'), service)),
    route,
  }));
  return [...nested, ...own].flatMap(({ service, route }) => {
    const paths = textsAt(route, 'paths');
    return (paths.length === 0 ? [undefined] : paths).map((path) =>
      doorOf(file, value, service, route, path),
    );
  });
}

/** Whether a reference of Kong (a name, or an object with name or id) means an entity. */
export function refersTo(reference: unknown, entity: unknown): boolean {
  const wanted = [reference, at(reference, 'name'), at(reference, 'id')].filter(
    (item) => typeof item === 'string',
  );
  return wanted.some((item) => item === at(entity, 'name') || item === at(entity, 'id'));
}

function doorOf(
  file: string,
  whole: unknown,
  service: unknown,
  route: unknown,
  path: string | undefined,
): Door {
  const name = `route ${textAt(route, 'name') ?? textsAt(route, 'paths').join(', ')} of Kong`;
  return {
    platform: 'kong',
    frame: { platform: 'kong', service, route, file: whole },
    name,
    where: `${file}: ${name}`,
    hosts: textsAt(route, 'hosts'),
    path: path === undefined ? ANY_PATH : pathOf(path),
    narrowed: ['methods', 'headers', 'snis', 'sources'].some((key) => at(route, key) !== undefined),
    backends: backendsOf(service),
  };
}

/** Kong marks a regular expression with `~`. */
function pathOf(path: string): PathMatch {
  return path.startsWith('~') ? { type: 'opaque', value: path } : { type: 'characters', value: path };
}

function backendsOf(service: unknown): Backend[] {
  if (service === undefined) return [];
  const url = /^(https?|grpcs?|tls|tcp):\/\/([^/:]{1,255})/.exec(textAt(service, 'url') ?? '');
  const host = url?.[2] ?? textAt(service, 'host') ?? '';
  const protocol = url?.[1] ?? textAt(service, 'protocol') ?? 'http';
  const [name = '', namespace = ''] = host.split('.');
  return [{ kind: 'Service', namespace, name, tls: ['https', 'grpcs', 'tls'].includes(protocol) }];
}

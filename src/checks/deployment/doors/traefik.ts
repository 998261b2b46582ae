import type { Backend, Door } from '../door.ts';
import { unknown } from '../finding.ts';
import { ANY_PATH, type PathMatch } from '../match.ts';
import { nameOf, type Resource, whereOf } from '../resource.ts';
import { at, listAt, textAt } from '../values.ts';

interface Match {
  readonly hosts: readonly string[];
  readonly path: PathMatch;
  readonly narrowed: boolean;
}

/** Matchers that only narrow what a rule takes. */
const NARROWING = /^(?:Method|Headers?|HeadersRegexp|HeaderRegexp|Query|QueryRegexp|ClientIP)$/;
const MATCHER = /^\s*(!?)\s*(\w+)\(((?:`[^`]{0,500}`|"[^"]{0,500}"|[,\s])*)\)\s*$/;

/** The doors of an IngressRoute: one for each alternative of each route's rule. */
export function ingressRouteDoors(route: Resource): Door[] {
  return listAt(route.body, 'spec', 'routes').flatMap((rule) => {
    const text = textAt(rule, 'match') ?? '';
    const matches = text.split('||').map((part) => matchOf(part));
    if (matches.some((match) => match === undefined)) return [opaqueDoor(route, rule, text)];
    return matches.flatMap((match) => (match === undefined ? [] : [{ ...common(route, rule), ...match }]));
  });
}

/** A conjunction of matchers; undefined where it says something that is not read here. */
function matchOf(text: string): Match | undefined {
  const parts = text.split('&&').map((part) => MATCHER.exec(part));
  let match: Match = { hosts: [], path: ANY_PATH, narrowed: false };
  for (const part of parts) {
    const [, negation = '', name = '', values = ''] = part ?? [];
    if (part === null || negation !== '') return undefined;
    const given = [...values.matchAll(/`([^`]*)`|"([^"]*)"/g)].map(([, a, b]) => a ?? b ?? '');
    const first = given[0] ?? '';
    if (name === 'Host') match = { ...match, hosts: given };
    else if (name === 'Path') match = { ...match, path: { type: 'exact', value: first } };
    else if (name === 'PathPrefix') match = { ...match, path: { type: 'characters', value: first } };
    else if (name === 'PathRegexp') match = { ...match, path: { type: 'opaque', value: first } };
    else if (NARROWING.test(name)) match = { ...match, narrowed: true };
    else return undefined;
  }
  return match;
}

function opaqueDoor(route: Resource, rule: unknown, text: string): Door {
  const message = `the rule ${text.slice(0, 100)} is not understood`;
  return {
    ...common(route, rule),
    hosts: [],
    path: ANY_PATH,
    findings: [
      unknown(
        whereOf(route),
        message,
        'use Host, Path and PathPrefix joined by && and ||, without parentheses',
      ),
    ],
  };
}

function common(
  route: Resource,
  rule: unknown,
): Pick<Door, 'platform' | 'frame' | 'name' | 'where' | 'backends'> {
  return {
    platform: 'traefik',
    frame: { platform: 'traefik', resource: route, rule },
    name: nameOf(route),
    where: whereOf(route),
    backends: listAt(rule, 'services').map((service) => backendOf(route, service)),
  };
}

function backendOf(route: Resource, service: unknown): Backend {
  const port = at(service, 'port');
  return {
    kind: textAt(service, 'kind') ?? 'Service',
    namespace: textAt(service, 'namespace') ?? route.namespace,
    name: textAt(service, 'name') ?? '',
    tls: textAt(service, 'scheme') === 'https',
    ...(typeof port === 'number' || typeof port === 'string' ? { port } : {}),
  };
}

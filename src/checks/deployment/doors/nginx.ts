import type { Backend, Door } from '../door.ts';
import { type Finding, unknown } from '../finding.ts';
import { ANY_PATH, type PathMatch } from '../match.ts';
import type { NginxBlock, NginxDirective } from '../nginx-syntax.ts';
import type { ConfigurationFile } from '../read.ts';

/** The directives of that name directly in a block. */
export function directives(
  block: { readonly block?: readonly NginxDirective[] | undefined },
  name: string,
): NginxDirective[] {
  return (block.block ?? []).filter((directive) => directive.name === name);
}

/** The doors of an nginx configuration: one for each location of each server, and the server itself where it answers. */
export function nginxDoors({ file, value }: ConfigurationFile<readonly NginxDirective[]>): Door[] {
  const roots = value.filter(({ name }) => name === 'http').filter(isBlock);
  // A file for conf.d has its servers at the top; what stands around them there is the http block of the main file.
  const https: readonly NginxBlock[] =
    roots.length > 0 ? roots : [{ name: 'http', args: [], line: 1, block: value }];
  return https.flatMap((http) =>
    directives(http, 'server')
      .filter(isBlock)
      .flatMap((server) => serverDoors(file, http, server)),
  );
}

function serverDoors(file: string, http: NginxBlock, server: NginxBlock): Door[] {
  const locations = directives(server, 'location').filter(isBlock);
  const nested = locations.flatMap((location) => directives(location, 'location'));
  const answers = directives(server, 'return').length > 0 || locations.length === 0;
  const all = answers ? [...locations, { ...server, args: ['/'] }] : locations;
  return all.map((location) => doorOf(file, http, server, location, nested));
}

function doorOf(
  file: string,
  http: NginxBlock,
  server: NginxBlock,
  location: NginxBlock,
  nested: readonly NginxDirective[],
): Door {
  const names = directives(server, 'server_name').flatMap(({ args }) => args);
  const name = location.line === server.line ? 'server' : `location ${location.args.join(' ')}`;
  return {
    platform: 'nginx',
    frame: { platform: 'nginx', http, server, location },
    name: `${name} of nginx`,
    where: `${file}:${location.line}: ${name}`,
    hosts: names
      .filter((host) => !['_', '""', ''].includes(host))
      .map((host) => (host.startsWith('.') ? `*${host}` : host)),
    path: pathOf(location.args),
    backends: backendsOf(http, location),
    redirectsToHttps: redirectsToHttps(location) || redirectsToHttps(server),
    findings: [
      ...unread(file, nested, 'a location inside a location is not followed'),
      ...unread(file, directives(location, 'if'), 'an if block is not followed'),
      ...regexHosts(file, server, names),
    ],
  };
}

function regexHosts(file: string, server: NginxBlock, names: readonly string[]): Finding[] {
  const pattern = names.find(
    (name) => name.startsWith('~') || (name.includes('*') && !name.startsWith('*.')),
  );
  return pattern === undefined
    ? []
    : [
        unknown(
          `${file}:${server.line}: server_name`,
          `the pattern ${pattern} is not evaluated`,
          'name the host',
        ),
      ];
}

function unread(file: string, found: readonly NginxDirective[], message: string): Finding[] {
  return found.map(({ line, name }) =>
    unknown(`${file}:${line}: ${name}`, message, 'write it without nesting'),
  );
}

function isBlock(directive: NginxDirective): directive is NginxBlock {
  return directive.block !== undefined;
}

function pathOf([first = '/', second]: readonly string[]): PathMatch {
  if (second === undefined)
    return first.startsWith('@')
      ? { type: 'exact', value: first }
      : { ...ANY_PATH, type: 'characters', value: first };
  if (first === '=') return { type: 'exact', value: second };
  return first === '^~' ? { type: 'characters', value: second } : { type: 'opaque', value: second };
}

/** `return 301 https://…`: 301, 302, 303, 307 or 308. */
function redirectsToHttps(block: NginxBlock): boolean {
  return directives(block, 'return').some(
    ({ args }) => /^30[12378]$/.test(args[0] ?? '') && (args[1] ?? '').startsWith('https://'),
  );
}

function backendsOf(http: NginxBlock, location: NginxBlock): Backend[] {
  const passes = ['proxy_pass', 'grpc_pass', 'fastcgi_pass', 'uwsgi_pass'].flatMap((name) =>
    directives(location, name),
  );
  return passes.flatMap(({ args }) => {
    const [, scheme = '', host = ''] = /^(?:(\w+):\/\/)?([^/:;]{1,255})/.exec(args[0] ?? '') ?? [];
    const upstream = directives(http, 'upstream').find((block) => block.args[0] === host);
    const servers =
      upstream === undefined ? [host] : directives(upstream, 'server').map((server) => server.args[0] ?? '');
    return servers.map((server) => ({ ...serviceAt(server), tls: scheme === 'https' || scheme === 'grpcs' }));
  });
}

function serviceAt(address: string): Backend {
  const host = address.replace(/:\d+$/, '');
  if (/^[\d.]+$|\[/.test(host)) return { kind: 'address', namespace: '', name: address };
  const [name = '', namespace = ''] = host.split('.');
  return { kind: 'Service', namespace, name };
}

import type { Backend, Door } from '../door.ts';
import { type Finding, unknown } from '../finding.ts';
import { ANY_PATH, type PathMatch } from '../match.ts';
import { nameOf, type Resource, whereOf } from '../resource.ts';
import { at, entriesAt, listAt, textAt, textsAt } from '../values.ts';

/** Filters of a rule that do not change who may come in or how. */
const PLAIN_FILTERS = [
  'RequestHeaderModifier',
  'ResponseHeaderModifier',
  'RequestRedirect',
  'URLRewrite',
  'RequestMirror',
  'CORS',
  'ExtensionRef',
];

/** The doors of an HTTPRoute or GRPCRoute: one for each match of each rule. */
export function routeDoors(route: Resource): Door[] {
  return listAt(route.body, 'spec', 'rules').flatMap((rule) => {
    const matches = listAt(rule, 'matches');
    return (matches.length === 0 ? [undefined] : matches).map((match) => doorOf(route, rule, match));
  });
}

function doorOf(route: Resource, rule: unknown, match: unknown): Door {
  const backends = listAt(rule, 'backendRefs').map((ref) => backendOf(route, ref));
  return {
    platform: 'gateway_api',
    frame: { platform: 'gateway_api', resource: route, rule },
    name: nameOf(route),
    where: whereOf(route),
    hosts: textsAt(route.body, 'spec', 'hostnames'),
    path: route.kind === 'GRPCRoute' ? methodOf(match) : pathOf(match),
    backends,
    narrowed: ['method', 'headers', 'queryParams'].some(
      (key) => at(match, key) !== undefined && !(key === 'method' && route.kind === 'GRPCRoute'),
    ),
    redirectsToHttps: backends.length === 0 && redirectsToHttps(rule),
    findings: filterFindings(route, rule),
  };
}

function backendOf(route: Resource, ref: unknown): Backend {
  const port = at(ref, 'port');
  return {
    kind: textAt(ref, 'kind') ?? 'Service',
    namespace: textAt(ref, 'namespace') ?? route.namespace,
    name: textAt(ref, 'name') ?? '',
    ...(typeof port === 'number' ? { port } : {}),
  };
}

function pathOf(match: unknown): PathMatch {
  const value = textAt(match, 'path', 'value') ?? '/';
  switch (textAt(match, 'path', 'type') ?? 'PathPrefix') {
    case 'PathPrefix':
      return { type: 'prefix', value };
    case 'Exact':
      return { type: 'exact', value };
    default:
      return { type: 'opaque', value };
  }
}

/** gRPC calls are requests for `/service/method`. */
function methodOf(match: unknown): PathMatch {
  const service = textAt(match, 'method', 'service');
  const method = textAt(match, 'method', 'method');
  if (at(match, 'method') === undefined) return ANY_PATH;
  if (textAt(match, 'method', 'type') === 'RegularExpression' || service === undefined)
    return { type: 'opaque', value: `${service ?? '*'}/${method ?? '*'}` };
  return method === undefined
    ? { type: 'prefix', value: `/${service}` }
    : { type: 'exact', value: `/${service}/${method}` };
}

function redirectsToHttps(rule: unknown): boolean {
  return listAt(rule, 'filters').some(
    (filter) =>
      textAt(filter, 'type') === 'RequestRedirect' && textAt(filter, 'requestRedirect', 'scheme') === 'https',
  );
}

function filterFindings(route: Resource, rule: unknown): Finding[] {
  const own = listAt(rule, 'filters');
  const ofBackends = listAt(rule, 'backendRefs').flatMap((ref) => listAt(ref, 'filters'));
  return [...own, ...ofBackends]
    .map((filter) => textAt(filter, 'type') ?? entriesAt(filter)[0]?.[0] ?? '')
    .filter((type) => !PLAIN_FILTERS.includes(type))
    .map((type) =>
      unknown(
        whereOf(route),
        `the filter ${type} is not known, so the way to the model cannot be judged`,
        'route to the model without it, or have the operator judge it',
      ),
    );
}

import type { Door } from '../door.ts';
import { type Finding, fails, unknown, warns } from '../finding.ts';
import type { AttachedListener } from '../gateway-listeners.ts';
import { targetsOf } from '../policy.ts';
import { type Resource, same, whereOf } from '../resource.ts';
import { at, listAt, numberAt, textAt } from '../values.ts';
import { type AddressFamily, byHeader, type Limit, type Limits, NO_LIMITS, noCount } from './limit.ts';

/** Windows of Envoy Gateway's limits and how many of them a minute holds; longer ones can be used up within one minute. */
const WINDOWS_PER_MINUTE: Readonly<Record<string, number>> = {
  Second: 60,
  Minute: 1,
  Hour: 1,
  Day: 1,
  Month: 1,
  Year: 1,
};

/** A block of addresses is of IPv4 or of IPv6: clients of the other kind are not limited by it. */
const EVERY_ADDRESS: Readonly<Record<string, AddressFamily>> = { '0.0.0.0/0': 'IPv4', '::/0': 'IPv6' };

/** The limits of the BackendTrafficPolicy in force for a route: the one closest to it, as Envoy Gateway chooses. */
export function envoyGatewayLimits(
  door: Door,
  route: Resource,
  listeners: readonly AttachedListener[],
  resources: readonly Resource[],
): Limits {
  const policies = resources.filter(({ kind }) => kind === 'BackendTrafficPolicy');
  const rule = door.frame.platform === 'gateway_api' ? textAt(door.frame.rule, 'name') : undefined;
  const ranked = policies.map((policy) => ({
    policy,
    rank: closeness(policy, route, rule, listeners, resources),
  }));
  const rank = Math.max(0, ...ranked.map((item) => item.rank));
  const merged = ranked.filter((item) => item.rank > 0 && item.rank < rank);
  const chosen = ranked.filter((item) => rank > 0 && item.rank === rank).map(({ policy }) => policy);
  if (chosen.length === 0) return NO_LIMITS;
  if (chosen.length > 1) {
    const finding = warns(
      whereOf(chosen[0] as Resource),
      'is not the only policy for this target: Envoy Gateway follows the oldest',
      'keep one',
    );
    return { ...parts(chosen), findings: [finding, ...parts(chosen).findings] };
  }
  const merges = at(chosen[0]?.body, 'spec', 'mergeType') !== undefined;
  return parts([...chosen, ...(merges ? merged.map(({ policy }) => policy) : [])]);
}

function parts(policies: readonly Resource[]): Limits {
  const all = policies.map(policyLimits);
  return { limits: all.flatMap(({ limits }) => limits), findings: all.flatMap(({ findings }) => findings) };
}

/** 4 for the rule, 3 for the route, 2 for the listener, 1 for the Gateway, 0 for something else. */
function closeness(
  policy: Resource,
  route: Resource,
  rule: string | undefined,
  listeners: readonly AttachedListener[],
  resources: readonly Resource[],
): number {
  const ranks = targetsOf(policy, resources).map((target) => {
    if (same(target, route)) return target.section === undefined ? 3 : target.section === rule ? 4 : 0;
    const listener = listeners.find(
      ({ gateway, name }) =>
        same(target, gateway) && (target.section === undefined || target.section === name),
    );
    return listener === undefined ? 0 : target.section === undefined ? 1 : 2;
  });
  return Math.max(0, ...ranks);
}

function policyLimits(policy: Resource): Limits {
  const where = whereOf(policy);
  const limit = at(policy.body, 'spec', 'rateLimit');
  if (limit === undefined)
    return {
      limits: [],
      findings: [
        fails(where, 'is the policy in force for the route and has no rateLimit', 'add spec.rateLimit'),
      ],
    };
  const found = (['global', 'local'] as const).flatMap((type) =>
    listAt(limit, type, 'rules').map((rule) => ruleLimit(where, type, rule)),
  );
  const type = textAt(limit, 'type');
  const findings = found.flatMap(({ findings: own }) => own);
  const limits = found.flatMap(({ limits: own }) => own);
  if (limits.length > 0 || findings.length > 0) return { limits, findings };
  return {
    limits,
    findings: [
      fails(
        where,
        `rateLimit of type ${type ?? '(none)'} has no rules`,
        'add rules[].limit { requests, unit }',
      ),
    ],
  };
}

function ruleLimit(where: string, type: 'global' | 'local', rule: unknown): Limits {
  if (at(rule, 'shadowMode') === true)
    return {
      limits: [],
      findings: [fails(where, 'a rule is in shadow mode and lets everything through', 'remove shadowMode')],
    };
  const requests = numberAt(rule, 'limit', 'requests');
  const windows = WINDOWS_PER_MINUTE[textAt(rule, 'limit', 'unit') ?? ''];
  if (requests === undefined || windows === undefined) {
    return {
      limits: [],
      findings: [
        unknown(
          where,
          `a rule's limit is not understood: ${JSON.stringify(at(rule, 'limit') ?? null).slice(0, 80)}`,
          'write limit: { requests: <whole number>, unit: Second, Minute, Hour, Day, Month or Year }',
        ),
      ],
    };
  }
  if (!Number.isSafeInteger(requests) || requests < 0)
    return { limits: [], findings: [noCount(where, `${type}.rules[].limit.requests`, requests)] };
  const keys = keysOf(rule);
  const perReplica = type === 'local';
  const limits = keys.map((key): Limit => ({ where, perMinute: requests * windows, perReplica, ...key }));
  return { limits, findings: partial(where, rule, keys.length) };
}

/** Whom a rule counts. Conditions that pick out some clients only limit the others not at all. */
function keysOf(rule: unknown): Pick<Limit, 'key' | 'by' | 'only'>[] {
  const selectors = listAt(rule, 'clientSelectors');
  if (selectors.length === 0) return [{ key: 'shared', by: 'the route' }];
  return selectors.flatMap((selector): Pick<Limit, 'key' | 'by' | 'only'>[] => {
    const headers = listAt(selector, 'headers');
    const distinct = headers.filter((header) => textAt(header, 'type') === 'Distinct');
    if (
      headers.length > distinct.length ||
      at(selector, 'path') !== undefined ||
      listAt(selector, 'methods').length > 0
    )
      return [];
    const source = at(selector, 'sourceCIDR');
    const family = EVERY_ADDRESS[textAt(source, 'value') ?? ''];
    if (source !== undefined && family === undefined) return [];
    const only = family === undefined ? {} : { only: family };
    if (textAt(source, 'type') === 'Distinct')
      return [{ key: 'client' as const, by: 'the source address', ...only }];
    const name = textAt(distinct[0], 'name');
    return name === undefined ? [] : [{ key: 'forgeable' as const, by: byHeader(name), ...only }];
  });
}

function partial(where: string, rule: unknown, keys: number): Finding[] {
  if (keys > 0) return [];
  const selectors = JSON.stringify(listAt(rule, 'clientSelectors')).slice(0, 100);
  return [
    warns(
      where,
      `a rule limits only some requests: ${selectors}`,
      'add a rule that counts every client, by source address or proven identity',
    ),
  ];
}

import { any, type Finding, fails, holds, warns } from '../finding.ts';

/**
 * Whom a limit counts: each client by its address or proven identity; each client by a header, which it can write anew
 * or leave out at every request; or all clients together.
 */
export type LimitKey = 'client' | 'forgeable' | 'shared';

/** One limit that is in force for a door. */
export interface Limit {
  readonly where: string;
  /** Requests that one counted party can make in one minute, a burst from a full bucket included. */
  readonly perMinute: number;
  readonly key: LimitKey;
  /** What is counted, in words: `the source address`. */
  readonly by: string;
  /** Whether each replica of the proxy counts for itself. */
  readonly perReplica: boolean;
  /** Set where the limit counts clients with addresses of one family alone. */
  readonly only?: AddressFamily;
}

/** A kind of address that clients come from. */
export type AddressFamily = 'IPv4' | 'IPv6';

/** What a look for limits gave. */
export interface Limits {
  readonly limits: readonly Limit[];
  readonly findings: readonly Finding[];
}

export const NO_LIMITS: Limits = { limits: [], findings: [] };

/** What the policy asks of limits. */
export interface LimitPolicy {
  readonly maximum: number;
  readonly replicas: number;
  readonly key: 'client' | 'any';
  /** Headers that something in front validates at every request, by the operator's word. */
  readonly validatedHeaders: readonly string[];
}

/** Limits of several places together. */
export function together(...parts: readonly Limits[]): Limits {
  return {
    limits: parts.flatMap(({ limits }) => limits),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

/** Requests per minute with all replicas of the proxy taken together. */
export function effective(limit: Limit, { replicas }: LimitPolicy): number {
  return limit.perMinute * (limit.perReplica ? replicas : 1);
}

/** The tightest limit on clients with such addresses, among those that count as the policy demands. */
export function tightest(
  limits: readonly Limit[],
  policy: LimitPolicy,
  family: AddressFamily = 'IPv4',
): Limit | undefined {
  const counting = limits.filter(
    (limit) => counts(limit, policy) && (limit.only === undefined || limit.only === family),
  );
  return [...counting].sort((a, b) => effective(a, policy) - effective(b, policy))[0];
}

function counts({ key, by }: Limit, policy: LimitPolicy): boolean {
  if (key === 'forgeable')
    return policy.validatedHeaders.some((name) => byHeader(name).toLowerCase() === by.toLowerCase());
  return key === 'client' || policy.key === 'any';
}

/** Judges the limits of a door against the policy. */
export function judgeLimits(where: string, { limits, findings }: Limits, policy: LimitPolicy): Finding[] {
  const [four, six] = [tightest(limits, policy, 'IPv4'), tightest(limits, policy, 'IPv6')];
  if (four !== undefined)
    return [
      ...findings,
      ...judgeOne(four, policy),
      ...(six === undefined ? [noSix(four)] : six === four ? [] : judgeOne(six, policy)),
    ];
  if (six !== undefined) return [...findings, noFour(six)];
  const found = limits.map((limit) => wrongKey(limit));
  if (found.length > 0) return [...findings, ...found];
  if (any(findings, 'fails') || any(findings, 'unknown')) return [...findings];
  return [fails(where, 'nothing limits the requests of a client', 'attach a rate limit to this route')];
}

function noFour({ where }: Limit): Finding {
  const message = 'limits clients with an IPv6 address only: those with an IPv4 address are not limited';
  return fails(where, message, 'add a rule for every IPv4 address, 0.0.0.0/0');
}

function noSix({ where }: Limit): Finding {
  const message = 'does not limit IPv6 clients, if the proxy has an IPv6 address';
  return warns(where, message, 'add a rule for every IPv6 address, ::/0');
}

function judgeOne(limit: Limit, policy: LimitPolicy): Finding[] {
  const rate = effective(limit, policy);
  const times =
    limit.perReplica && policy.replicas > 1
      ? ` (${policy.replicas} replicas of ${rounded(limit.perMinute)})`
      : '';
  const message = `allows ${rounded(rate)} requests a minute${times} by ${limit.by}`;
  if (rate > policy.maximum)
    return [
      fails(
        limit.where,
        `${message}; at most ${policy.maximum} are allowed`,
        'lower the limit, its burst included',
      ),
    ];
  return [holds(limit.where, message), ...cautions(limit, policy)];
}

function cautions(limit: Limit, { replicas }: LimitPolicy): Finding[] {
  const found: Finding[] = [];
  if (limit.perReplica && replicas === 1)
    found.push(
      warns(
        limit.where,
        'each replica of the proxy counts for itself',
        'set proxy_replicas to how many there can be',
      ),
    );
  if (limit.key === 'shared')
    found.push(
      warns(
        limit.where,
        'counts all clients together: one can use up the share of all',
        'count each client, by source address or proven identity',
      ),
    );
  return found;
}

function wrongKey(limit: Limit): Finding {
  const why =
    limit.key === 'shared'
      ? 'counts all clients together'
      : `counts by ${limit.by}, which a client can change or leave out at every request`;
  return fails(
    limit.where,
    `${why}, not each client`,
    limit.key === 'shared'
      ? 'count by client identity or address, or set the parameter key: any'
      : 'count by client identity or address; if something in front refuses every request without a valid one, have the operator add it to validated_headers',
  );
}

/** A count that no such field can hold: a negative one, or a fraction of a request. */
export function noCount(where: string, field: string, value: number): Finding {
  return fails(where, `${field} is ${value}, which is no number of requests`, 'write a whole number above 0');
}

/** A number for a message. */
export function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

/** What a limit by a header counts, in words. */
export function byHeader(name: string): string {
  return `the header ${name}`;
}

import { fails, unknown } from '../finding.ts';
import { at, listAt, numberAt, textAt } from '../values.ts';
import { byHeader, type Limit, type LimitKey, type Limits, noCount } from './limit.ts';

const DENOMINATORS: Readonly<Record<string, number>> = {
  HUNDRED: 100,
  TEN_THOUSAND: 10_000,
  MILLION: 1_000_000,
};

/**
 * The limits of an Envoy local_ratelimit configuration. Both of its fractions are 0 % unless set: a bucket alone limits
 * nothing.
 *
 * @param actions the actions of the rate_limits around it, which give requests their descriptors
 */
export function bucketLimits(where: string, config: unknown, actions: readonly unknown[]): Limits {
  const low = (['filter_enabled', 'filter_enforced'] as const).filter((key) => percent(config, key) < 100);
  if (low.length > 0) {
    const shares = low.map(
      (key) => `${key} is ${percent(config, key)} %${at(config, key) === undefined ? ' (not set)' : ''}`,
    );
    return {
      limits: [],
      findings: [
        fails(
          where,
          `${shares.join(' and ')}: the bucket does not limit every request`,
          'set default_value { numerator: 100, denominator: HUNDRED } in both',
        ),
      ],
    };
  }
  if (at(config, 'local_rate_limit_per_downstream_connection') === true)
    return {
      limits: [],
      findings: [
        fails(where, 'counts per connection, and a client can open new ones', 'count by remote_address'),
      ],
    };
  const shared = bucket(where, config, 'shared', 'the proxy');
  const descriptors = listAt(config, 'descriptors').map((descriptor) =>
    ofDescriptor(where, descriptor, actions),
  );
  return {
    limits: [...shared.limits, ...descriptors.flatMap(({ limits }) => limits)],
    findings: [...shared.findings, ...descriptors.flatMap(({ findings }) => findings)],
  };
}

function ofDescriptor(where: string, descriptor: unknown, actions: readonly unknown[]): Limits {
  const entries = listAt(descriptor, 'entries');
  // An entry with a value picks out one client; without one every value has its bucket.
  if (entries.length === 0 || entries.some((entry) => textAt(entry, 'value') !== undefined))
    return { limits: [], findings: [] };
  const names = entries.map((entry) => textAt(entry, 'key') ?? '');
  const address = actions.some(
    (action) => at(action, 'remote_address') ?? at(action, 'masked_remote_address'),
  );
  const header = actions
    .map((action) => at(action, 'request_headers'))
    .find((item) => names.includes(textAt(item, 'descriptor_key') ?? ''));
  if (names.some((name) => /^(?:masked_)?remote_address$/.test(name)) && address)
    return bucket(where, descriptor, 'client', 'the source address');
  if (header !== undefined) {
    const name = textAt(header, 'header_name') ?? '';
    return bucket(where, descriptor, 'forgeable', byHeader(name));
  }
  return {
    limits: [],
    findings: [
      fails(
        where,
        `nothing gives requests the descriptor ${names.join(', ')}, so its bucket is never used`,
        'add rate_limits[].actions',
      ),
    ],
  };
}

function bucket(where: string, config: unknown, key: LimitKey, by: string): Limits {
  const tokens = at(config, 'token_bucket');
  const [maximum, fill, seconds] = [
    numberAt(tokens, 'max_tokens'),
    numberAt(tokens, 'tokens_per_fill') ?? 1,
    interval(at(tokens, 'fill_interval')),
  ];
  if (maximum === undefined || seconds === undefined)
    return {
      limits: [],
      findings: [
        unknown(
          where,
          `the token_bucket is not understood: ${JSON.stringify(tokens ?? null).slice(0, 100)}`,
          'state max_tokens, tokens_per_fill and fill_interval (such as 60s)',
        ),
      ],
    };
  const wrong = [maximum, fill].find((count) => !Number.isSafeInteger(count) || count <= 0);
  if (wrong !== undefined)
    return { limits: [], findings: [noCount(where, 'a count of the token_bucket', wrong)] };
  // A full bucket, and the fills that follow within the minute.
  const perMinute = maximum + fill * Math.max(0, Math.ceil(60 / seconds) - 1);
  const limit: Limit = { where, perMinute, key, by, perReplica: true };
  return { limits: [limit], findings: [] };
}

/** Seconds of `60s`, `0.5s` or `{ seconds: 60 }`. */
function interval(value: unknown): number | undefined {
  const text = typeof value === 'string' ? /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined;
  const seconds = text === undefined ? numberAt(value, 'seconds') : Number(text);
  return seconds !== undefined && seconds > 0 ? seconds : undefined;
}

function percent(config: unknown, key: string): number {
  const value = at(config, key, 'default_value');
  const denominator = DENOMINATORS[textAt(value, 'denominator') ?? 'HUNDRED'] ?? Number.POSITIVE_INFINITY;
  return ((numberAt(value, 'numerator') ?? 0) / denominator) * 100;
}

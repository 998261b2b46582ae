import { type Finding, fails, unknown } from '../finding.ts';
import { nameOf, type Resource, whereOf } from '../resource.ts';
import type { Middlewares } from '../traefik-middlewares.ts';
import { at, listAt, numberAt, textAt } from '../values.ts';
import { byHeader, type Limit, type LimitKey, type Limits, noCount } from './limit.ts';

/** The limits of the Middlewares that a route names. */
export function traefikLimits({ middlewares, findings }: Middlewares): Limits {
  const limiting = middlewares.filter(({ body }) => at(body, 'spec', 'rateLimit') !== undefined);
  const found = limiting.map(middlewareLimit);
  return {
    limits: found.flatMap(({ limits }) => limits),
    findings: [...findings, ...found.flatMap((part) => part.findings)],
  };
}

/** Middlewares with a limit that no route and no chain names. */
export function danglingMiddlewares(resources: readonly Resource[]): Finding[] {
  const named = resources.map(({ body, annotations }) =>
    JSON.stringify([at(body, 'spec', 'routes') ?? null, at(body, 'spec', 'chain') ?? null, annotations]),
  );
  const routes = resources.filter(({ kind }) => kind === 'IngressRoute').map(nameOf);
  return resources
    .filter(({ kind, body }) => kind === 'Middleware' && at(body, 'spec', 'rateLimit') !== undefined)
    .filter(
      ({ name, namespace }) =>
        !named.some(
          (text) => text.includes(`"${name}"`) || text.includes(`${namespace}-${name}@kubernetescrd`),
        ),
    )
    .map((middleware) =>
      fails(
        whereOf(middleware),
        `attaches to nothing: no route names it; there is ${routes.join(', ') || 'no IngressRoute'}`,
        'name it in routes[].middlewares',
      ),
    );
}

function middlewareLimit(middleware: Resource): Limits {
  const where = whereOf(middleware);
  const limit = at(middleware.body, 'spec', 'rateLimit');
  const average = numberAt(limit, 'average') ?? 0;
  if (average <= 0)
    return {
      limits: [],
      findings: [
        fails(
          where,
          'rateLimit.average is 0 or missing, which means no limit',
          'set average, period and burst',
        ),
      ],
    };
  const wrong = [average, numberAt(limit, 'burst') ?? 1].find(
    (count) => !Number.isSafeInteger(count) || count < 0,
  );
  if (wrong !== undefined) return { limits: [], findings: [noCount(where, 'a count of rateLimit', wrong)] };
  const seconds = period(at(limit, 'period') ?? '1s');
  if (seconds === undefined)
    return {
      limits: [],
      findings: [
        unknown(
          where,
          `rateLimit.period ${JSON.stringify(at(limit, 'period'))} is not understood`,
          'write it as 1s or 1m',
        ),
      ],
    };
  const perMinute = (average * 60) / seconds + (numberAt(limit, 'burst') ?? 1);
  const found: Limit = {
    where,
    perMinute,
    ...keyOf(at(limit, 'sourceCriterion')),
    perReplica: at(limit, 'redis') === undefined,
  };
  return { limits: [found], findings: [] };
}

function keyOf(criterion: unknown): { key: LimitKey; by: string } {
  const name = textAt(criterion, 'requestHeaderName');
  if (name !== undefined) return { key: 'forgeable', by: byHeader(name) };
  if (at(criterion, 'requestHost') === true) return { key: 'shared', by: 'the host' };
  const depth = numberAt(criterion, 'ipStrategy', 'depth') ?? 0;
  const trusted = listAt(criterion, 'ipStrategy', 'excludedIPs').length > 0;
  return {
    key: 'client',
    by: depth > 0 || trusted ? 'the address in X-Forwarded-For' : 'the source address',
  };
}

function period(value: unknown): number | undefined {
  if (typeof value === 'number') return value > 0 ? value : undefined;
  const [, amount, unit = 's'] = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h)?$/.exec(String(value)) ?? [];
  const seconds = Number(amount) * { ms: 0.001, s: 1, m: 60, h: 3600 }[unit as 'ms' | 's' | 'm' | 'h'];
  return seconds > 0 ? seconds : undefined;
}

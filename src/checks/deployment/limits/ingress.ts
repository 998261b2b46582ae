import type { Door } from '../door.ts';
import { type Finding, fails, unknown, warns } from '../finding.ts';
import { ingressClass } from '../ingress-class.ts';
import { type Resource, whereOf } from '../resource.ts';
import { follow } from '../traefik-middlewares.ts';
import { kongLimits } from './kong.ts';
import type { Limit, Limits } from './limit.ts';
import { traefikLimits } from './traefik.ts';

const PREFIX = 'nginx.ingress.kubernetes.io/';

/** The limits of an Ingress, where its controller keeps them. */
export function ingressLimits(door: Door, resources: readonly Resource[]): Limits {
  if (door.frame.platform !== 'ingress') return { limits: [], findings: [] };
  const { resource: ingress } = door.frame;
  const kind = ingressClass(ingress);
  switch (kind) {
    case 'nginx':
      return ingressNginx(ingress);
    case 'kong':
      return kongLimits(door, resources);
    case 'traefik':
      return traefikLimits(follow(ingress, annotated(ingress), resources, 0));
    default:
      return {
        limits: [],
        findings: [
          unknown(
            whereOf(ingress),
            `where its controller ${kind ?? '(no ingressClassName)'} keeps limits is not known`,
            'set spec.ingressClassName; known here: nginx, kong, traefik',
          ),
        ],
      };
  }
}

/** `bank-limit@kubernetescrd` means the Middleware limit of the namespace bank. */
function annotated({ annotations, namespace }: Resource): { namespace: string; name: string }[] {
  const list = annotations['traefik.ingress.kubernetes.io/router.middlewares'] ?? '';
  return list
    .split(',')
    .map((item) => item.trim().replace(/@kubernetescrd$/, ''))
    .filter((item) => item !== '')
    .map((item) =>
      item.startsWith(`${namespace}-`)
        ? { namespace, name: item.slice(namespace.length + 1) }
        : { namespace: item.split('-')[0] ?? '', name: item.split('-').slice(1).join('-') },
    );
}

const COUNTS = ['limit-rps', 'limit-rpm', 'limit-connections', 'limit-burst-multiplier'];

/** ingress-nginx counts by source address. What is no positive whole number it ignores. */
function ingressNginx(ingress: Resource): Limits {
  const where = whereOf(ingress);
  const of = (key: string) => ingress.annotations[`${PREFIX}${key}`];
  const wrong = COUNTS.filter((key) => of(key) !== undefined && !/^[1-9]\d{0,8}$/.test(of(key) ?? ''));
  const limits = nginxRates(where, (key) => (wrong.includes(key) ? undefined : of(key)));
  const found: Finding[] = [
    warns(
      where,
      'ingress-nginx was archived on 2026-03-24 and gets no more security fixes',
      'move to a maintained controller or to the Gateway API',
    ),
    ...wrong.map((key) =>
      fails(where, `${PREFIX}${key} is "${of(key)}", no positive whole number`, 'ingress-nginx ignores it'),
    ),
  ];
  if ((of('limit-whitelist') ?? of('limit-allowlist') ?? '').includes('0.0.0.0/0'))
    found.push(
      fails(where, 'its limit-whitelist exempts every address', 'exempt only the addresses that need it'),
    );
  if (limits.length === 0)
    found.push(fails(where, missing(of('limit-connections')), `add ${PREFIX}limit-rpm`));
  return { limits, findings: found };
}

function missing(connections: string | undefined): string {
  return connections === undefined
    ? 'has no limit-rps or limit-rpm'
    : 'limit-connections alone bounds connections, not requests';
}

/** A burst of five times the rate is allowed unless told otherwise. */
function nginxRates(where: string, of: (key: string) => string | undefined): Limit[] {
  const multiplier = Number(of('limit-burst-multiplier') ?? 5);
  const rates = [
    ['limit-rps', 60],
    ['limit-rpm', 1],
  ] as const;
  return rates.flatMap(([key, perMinute]): Limit[] => {
    const rate = Number(of(key) ?? Number.NaN);
    if (Number.isNaN(rate)) return [];
    const allowed = rate * (perMinute + multiplier);
    return [{ where, perMinute: allowed, key: 'client', by: 'the source address', perReplica: true }];
  });
}

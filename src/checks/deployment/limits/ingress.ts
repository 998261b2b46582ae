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

/** ingress-nginx allows a burst of five times the rate unless told otherwise, and counts by source address. */
function ingressNginx(ingress: Resource): Limits {
  const where = whereOf(ingress);
  const of = (key: string) => ingress.annotations[`${PREFIX}${key}`];
  const found: Finding[] = [
    warns(
      where,
      'ingress-nginx was archived on 2026-03-24 and gets no more security fixes',
      'move to a maintained controller or to the Gateway API',
    ),
  ];
  const wrong = ['limit-rps', 'limit-rpm', 'limit-connections', 'limit-burst-multiplier'].filter(
    (key) => of(key) !== undefined && !/^[1-9]\d{0,8}$/.test(of(key) ?? ''),
  );
  found.push(
    ...wrong.map((key) =>
      fails(where, `${PREFIX}${key} is "${of(key)}", no positive whole number`, 'ingress-nginx ignores it'),
    ),
  );
  if ((of('limit-whitelist') ?? of('limit-allowlist') ?? '').includes('0.0.0.0/0'))
    found.push(fails(where, 'its limit-whitelist exempts every address'));
  const multiplier = Number(of('limit-burst-multiplier') ?? 5);
  const limits = (
    [
      ['limit-rps', 60],
      ['limit-rpm', 1],
    ] as const
  ).flatMap(([key, perMinute]): Limit[] => {
    const rate = wrong.includes(key) ? Number.NaN : Number(of(key) ?? Number.NaN);
    return Number.isNaN(rate)
      ? []
      : [
          {
            where,
            perMinute: rate * perMinute + rate * multiplier,
            key: 'client',
            by: 'the source address',
            perReplica: true,
          },
        ];
  });
  if (limits.length === 0 && of('limit-connections') !== undefined)
    found.push(
      fails(where, 'limit-connections alone bounds connections, not requests', `add ${PREFIX}limit-rpm`),
    );
  return {
    limits,
    findings:
      limits.length === 0 && !found.some(({ level }) => level === 'fails')
        ? [...found, fails(where, 'has no limit-rps or limit-rpm', `add ${PREFIX}limit-rpm`)]
        : found,
  };
}

import { secretNameProblems } from '../certificate-name.ts';
import type { Door } from '../door.ts';
import { type Finding, fails, holds, unknown, warns } from '../finding.ts';
import { ingressClass } from '../ingress-class.ts';
import { hostsMeet } from '../match.ts';
import { type Resource, whereOf } from '../resource.ts';
import { listAt, textAt, textMapAt, textsAt } from '../values.ts';
import type { TlsContext } from './context.ts';
import { weakNginxProtocols } from './versions.ts';

const NGINX = 'nginx.ingress.kubernetes.io/';

/** TLS of an Ingress: a certificate for the host, and no way in without it. What port 80 does differs per controller. */
export function ingressTls(door: Door, { manifests, endpoint }: TlsContext): Finding[] {
  if (door.frame.platform !== 'ingress') return [];
  const { resource: ingress } = door.frame;
  const kind = ingressClass(ingress);
  if (kind === 'alb') return albTls(ingress);
  return [...certificate(ingress, endpoint.host), ...plaintext(ingress, kind, manifests.resources)];
}

function certificate(ingress: Resource, host: string): Finding[] {
  const where = whereOf(ingress);
  const entries = listAt(ingress.body, 'spec', 'tls');
  const covering = entries.filter((entry) =>
    textsAt(entry, 'hosts').some((pattern) => hostsMeet(pattern, host)),
  );
  if (covering.length === 0) {
    const covered = entries.flatMap((entry) => textsAt(entry, 'hosts')).join(', ') || 'no host';
    return [
      fails(
        where,
        `spec.tls does not cover ${host}: it covers ${covered}`,
        'add the host with its secretName to spec.tls',
      ),
    ];
  }
  const secret = covering.map((entry) => textAt(entry, 'secretName')).find((name) => name !== undefined);
  if (secret === undefined)
    return [fails(where, `spec.tls names no secretName for ${host}`, 'name the Secret with the certificate')];
  const unnamed = secretNameProblems(where, 'spec.tls[].secretName', secret);
  return unnamed.length > 0 ? unnamed : [holds(where, `ends TLS for ${host} with the Secret ${secret}`)];
}

function plaintext(ingress: Resource, kind: string | undefined, resources: readonly Resource[]): Finding[] {
  const where = whereOf(ingress);
  const { annotations } = ingress;
  switch (kind) {
    case 'nginx':
      return ingressNginx(ingress, resources);
    case 'kong':
      return annotations['konghq.com/protocols']?.trim() === 'https'
        ? []
        : [
            fails(
              where,
              'is served over http too: konghq.com/protocols is not https',
              'set konghq.com/protocols: https',
            ),
          ];
    case 'traefik':
      return annotations['traefik.ingress.kubernetes.io/router.entrypoints']?.trim() === 'websecure'
        ? []
        : [
            unknown(
              where,
              'may be served over http too: router.entrypoints is not websecure alone',
              'set traefik.ingress.kubernetes.io/router.entrypoints: websecure',
            ),
          ];
    case 'gce':
      return annotations['kubernetes.io/ingress.allow-http'] === 'false'
        ? []
        : [
            fails(
              where,
              'is served over http too: kubernetes.io/ingress.allow-http is not "false"',
              'set it to "false"',
            ),
          ];
    default:
      return [
        unknown(
          where,
          `its controller ${kind ?? '(no ingressClassName)'} is not known, nor what it does with http`,
          'set spec.ingressClassName; known: nginx, kong, traefik, gce, alb',
        ),
      ];
  }
}

function ingressNginx(ingress: Resource, resources: readonly Resource[]): Finding[] {
  const where = whereOf(ingress);
  const { annotations } = ingress;
  const archived = warns(
    where,
    'ingress-nginx was archived on 2026-03-24 and gets no more security fixes',
    'move to a maintained controller or to the Gateway API',
  );
  const maps = resources.filter(
    ({ group, kind, name }) => group === '' && kind === 'ConfigMap' && /nginx/.test(name),
  );
  const settings = maps.map((map) => ({ map, data: textMapAt(map.body, 'data') }));
  const redirect =
    annotations[`${NGINX}ssl-redirect`] ??
    settings.map(({ data }) => data['ssl-redirect']).find((value) => value !== undefined);
  const forced = annotations[`${NGINX}force-ssl-redirect`] === 'true';
  const weak = settings.flatMap(({ map, data }) => weakNginxProtocols(whereOf(map), data['ssl-protocols']));
  if (redirect !== 'false' || forced) return [archived, ...weak];
  return [
    archived,
    ...weak,
    fails(
      where,
      `${NGINX}ssl-redirect is "false", so the model is served over http too`,
      'remove it, or set it to "true"',
    ),
  ];
}

/** AWS's controller keeps certificate, ports and versions in annotations. */
function albTls(ingress: Resource): Finding[] {
  const where = whereOf(ingress);
  const prefix = 'alb.ingress.kubernetes.io/';
  const of = (key: string) => ingress.annotations[`${prefix}${key}`] ?? '';
  const ports = of('listen-ports') || (of('certificate-arn') ? '[{"HTTPS":443}]' : '[{"HTTP":80}]');
  const policy = of('ssl-policy');
  const found: Finding[] = [];
  if (!/HTTPS/.test(ports))
    found.push(
      fails(
        where,
        `${prefix}listen-ports has no HTTPS: ${ports.slice(0, 80)}`,
        `set ${prefix}listen-ports: '[{"HTTPS":443}]'`,
      ),
    );
  if (/"HTTP"/.test(ports) && of('ssl-redirect') === '')
    found.push(fails(where, 'listens on HTTP and does not redirect', `set ${prefix}ssl-redirect: "443"`));
  if (of('certificate-arn') === '')
    found.push(
      unknown(
        where,
        'names no certificate; the controller looks one up by host',
        `set ${prefix}certificate-arn`,
      ),
    );
  if (!/TLS13-1-[23]|TLS-1-2/.test(policy))
    found.push(
      fails(
        where,
        `${prefix}ssl-policy is ${policy || 'not set'}, which admits TLS 1.0`,
        'set ELBSecurityPolicy-TLS13-1-2-2021-06',
      ),
    );
  return found.length > 0 ? found : [holds(where, `ends TLS with ${policy}`)];
}

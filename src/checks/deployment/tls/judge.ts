import type { Door, Platform } from '../door.ts';
import { any, type Finding, fails, unknown } from '../finding.ts';
import { inferenceServiceOf } from '../kserve.ts';
import { danglingPolicies } from '../policy.ts';
import { type Resource, whereOf } from '../resource.ts';
import { textAt } from '../values.ts';
import { backendHop } from './backend-hop.ts';
import type { TlsContext, TlsJudge } from './context.ts';
import { gatewayTls } from './gateway-api.ts';
import { ingressTls } from './ingress.ts';
import { istioTls } from './istio.ts';
import { kongTls } from './kong.ts';
import { nginxTls } from './nginx.ts';
import { redirects, traefikTls } from './traefik.ts';

const JUDGES: Readonly<Record<Platform, TlsJudge>> = {
  ingress: ingressTls,
  gateway_api: gatewayTls,
  istio: istioTls,
  kong: kongTls,
  traefik: traefikTls,
  nginx: nginxTls,
};

const TLS_POLICIES = ['ClientTrafficPolicy', 'BackendTLSPolicy'];

/** Judges the encryption of every door; a door about which nothing positive was found is unknown. */
export function judgeTls(doors: readonly Door[], context: TlsContext, modelId: string): Finding[] {
  const { resources } = context.manifests;
  const ofDoors = doors.flatMap((door) => doorFindings(door, context));
  return [...ofDoors, ...danglingPolicies(resources, TLS_POLICIES), ...kserveUrl(resources, modelId)];
}

function doorFindings(door: Door, context: TlsContext): readonly Finding[] {
  const found = JUDGES[door.platform](door, context);
  const elsewhere = door.redirectsToHttps === true || redirects(door, context.manifests.resources);
  const judged = elsewhere || (['holds', 'fails', 'unknown'] as const).some((level) => any(found, level));
  const nothing = judged
    ? []
    : [
        unknown(
          door.where,
          'nothing shows that it is served over TLS',
          'submit the object that ends TLS for this route too',
        ),
      ];
  return [...found, ...nothing, ...backendHop(door, context)];
}

/** KServe says under which address a service answers; http means that its gateway does not end TLS. */
function kserveUrl(resources: readonly Resource[], modelId: string): Finding[] {
  const service = inferenceServiceOf(resources, modelId);
  const url = service === undefined ? undefined : textAt(service.body, 'status', 'url');
  if (service === undefined || url === undefined || !url.startsWith('http://')) return [];
  return [
    fails(
      whereOf(service),
      `answers at ${url}`,
      'set urlScheme: https and TLS on the gateway that KServe uses',
    ),
  ];
}

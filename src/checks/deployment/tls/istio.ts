import { secretNameProblems } from '../certificate-name.ts';
import type { Door } from '../door.ts';
import { type Finding, fails, holds, unknown } from '../finding.ts';
import { gatewaysOf } from '../istio-gateways.ts';
import { hostsMeet } from '../match.ts';
import { type Resource, whereOf } from '../resource.ts';
import { at, listAt, textAt, textsAt } from '../values.ts';
import type { TlsContext } from './context.ts';
import { peerAuthentication } from './mesh.ts';

const TERMINATING = ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL', 'ISTIO_MUTUAL'];
const WEAK = ['TLSV1_0', 'TLSV1_1'];

/** TLS of a VirtualService: every server of its Gateways that takes the host terminates TLS, or redirects to https. */
export function istioTls(door: Door, { manifests, endpoint }: TlsContext): Finding[] {
  if (door.frame.platform !== 'istio') return [];
  const { resources } = manifests;
  const { gateways, mesh, findings } = gatewaysOf(door.frame.resource, resources);
  const servers = gateways.map((gateway) => {
    const taking = listAt(gateway.body, 'spec', 'servers').filter((server) => takes(server, endpoint.host));
    return taking.length === 0
      ? [fails(whereOf(gateway), `has no server for ${endpoint.host}`, 'add the host to servers[].hosts')]
      : taking.flatMap((server) => serverTls(door, gateway, server));
  });
  return [
    ...findings,
    ...servers.flat(),
    ...(mesh ? door.backends.map((backend) => inMesh(door, backend.namespace, resources)) : []),
  ];
}

function takes(server: unknown, host: string): boolean {
  return textsAt(server, 'hosts').some((pattern) => hostsMeet(pattern.replace(/^[^/]*\//, ''), host));
}

function serverTls(door: Door, gateway: Resource, server: unknown): Finding[] {
  const protocol = textAt(server, 'port', 'protocol')?.toUpperCase();
  const where = `${whereOf(gateway)} port ${String(at(server, 'port', 'number') ?? '?')}`;
  if (protocol === 'HTTPS') return httpsServer(where, at(server, 'tls'));
  if (protocol === 'HTTP' || protocol === 'HTTP2' || protocol === 'GRPC') {
    const redirects = at(server, 'tls', 'httpsRedirect') === true || door.redirectsToHttps === true;
    return redirects
      ? []
      : [fails(where, `takes ${door.name} over plain HTTP`, 'set tls.httpsRedirect: true')];
  }
  return [
    unknown(
      where,
      `has the protocol ${protocol ?? '(none)'}, whose TLS ends elsewhere`,
      'set port.protocol: HTTPS with a tls section',
    ),
  ];
}

function httpsServer(where: string, tls: unknown): Finding[] {
  const mode = textAt(tls, 'mode') ?? '(none)';
  if (/PASSTHROUGH/.test(mode))
    return [
      unknown(
        where,
        `tls.mode is ${mode}: TLS ends in the backend, which manifests do not show`,
        'set tls.mode: SIMPLE or MUTUAL, or have the operator probe the endpoint',
      ),
    ];
  const found: Finding[] = [];
  if (!TERMINATING.includes(mode)) found.push(fails(where, `tls.mode is ${mode}`, 'set SIMPLE or MUTUAL'));
  const secret = textAt(tls, 'credentialName') ?? textsAt(tls, 'credentialNames')[0];
  const certificate = secret ?? textAt(tls, 'serverCertificate');
  if (certificate === undefined && mode !== 'ISTIO_MUTUAL')
    found.push(fails(where, 'terminates TLS without a certificate', 'set tls.credentialName'));
  if (secret !== undefined) found.push(...secretNameProblems(where, 'tls.credentialName', secret));
  const version = textAt(tls, 'minProtocolVersion') ?? 'TLS_AUTO';
  if (WEAK.includes(version))
    found.push(fails(where, `tls.minProtocolVersion is ${version}`, 'set TLSV1_2 or TLSV1_3'));
  return found.length > 0
    ? found
    : [holds(where, `terminates TLS (${mode}, ${certificate ?? 'mesh certificate'})`)];
}

/** Without a gateway nothing but the mesh's own encryption is there. */
function inMesh(door: Door, namespace: string, resources: readonly Resource[]): Finding {
  const { mode, where } = peerAuthentication(namespace, {}, resources);
  if (mode === 'STRICT') return holds(where ?? door.where, 'the mesh takes mutual TLS only (STRICT)');
  return fails(
    where ?? door.where,
    `within the mesh nothing demands TLS: PeerAuthentication is ${mode ?? 'not there'}`,
    'set mtls.mode: STRICT',
  );
}

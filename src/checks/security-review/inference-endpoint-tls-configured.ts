import { z } from 'zod';
import type { CheckReport } from '../../domain/index.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { ENDPOINT } from '../deployment/parameters.ts';
import type { Endpoint } from '../deployment/serving.ts';
import { judgeTls } from '../deployment/tls/judge.ts';
import {
  DEPLOYMENT_EVIDENCE,
  openDeployment,
  otherArtifacts,
  strangersAt,
  verdictOf,
} from '../deployment/verdict.ts';
import { PROBE } from '../probe/parameters.ts';
import type { ProbeResult } from '../probe/probe.ts';

const PARAMETERS = z.strictObject({
  endpoint: ENDPOINT,
  require_backend_tls: z
    .boolean()
    .default(false)
    .describe('whether the hop from the proxy to the model must be encrypted too; a warning otherwise'),
  probe: PROBE,
});
type Parameters = z.output<typeof PARAMETERS>;

/** The model can be asked over TLS 1.2 or later only. */
export const inferenceEndpointTlsConfigured = defineCheck({
  name: 'inference_endpoint_tls_configured',
  stage: 'security_review',
  version: '1.2.1',
  proves:
    'Every route of the manifests that leads to the model ends TLS of version 1.2 or later with a certificate that it may use, and none leads to it over plain HTTP. With hosts to probe: that these showed a trusted certificate, refused older versions and did not answer plain HTTP.',
  doesNotProve:
    'That these manifests are what is deployed, that no other way leads to the model, or, without a probe, that a certificate is valid.',
  evidence: DEPLOYMENT_EVIDENCE,
  parameters: PARAMETERS,
  needsNetwork: ({ probe }) => probe.hosts.length > 0,
  run,
});

async function run(input: CheckInput<Parameters>): Promise<CheckReport> {
  const opened = await openDeployment(input, input.parameters.endpoint);
  if (!opened.ok) return opened.report;
  const { manifests, serving } = opened;
  const context = {
    manifests,
    endpoint: serving.endpoint,
    requireBackendTls: input.parameters.require_backend_tls,
  };
  const { probe } = input.parameters;
  const probed = await runProbe(probe, serving.endpoint, input.now);
  const findings = [
    ...serving.findings,
    ...strangersAt(manifests, serving),
    ...otherArtifacts(manifests, serving, input.artifact.digest),
    ...judgeTls(serving.doors, context, input.modelId),
    ...probed.flatMap((result) => result.findings),
  ];
  const { host, path } = serving.endpoint;
  const seen = probed.length === 0 ? '' : `, as ${probed.map((result) => result.host).join(', ')} showed`;
  const days = probed.flatMap(({ daysLeft }) => daysLeft ?? []);
  return verdictOf(findings, serving, `${host}${path} is served over TLS only${seen}`, {
    measurements:
      days.length === 0 ? [] : [{ name: 'certificate_valid', value: Math.min(...days), unit: 'days' }],
    details: probed.length === 0 ? {} : { probe: probed.map(toDetail) },
  });
}

/** The part that opens connections is loaded only where there are hosts to connect to. */
async function runProbe(probe: Parameters['probe'], endpoint: Endpoint, now: string): Promise<ProbeResult[]> {
  if (probe.hosts.length === 0) return [];
  const { probeAll } = await import('../probe/probe.ts');
  return probeAll(probe, endpoint, now);
}

function toDetail({ host, session, daysLeft }: ProbeResult) {
  return {
    host,
    protocol: session?.protocol ?? null,
    key: session === undefined ? null : `${session.keyType} ${session.keyBits}`,
    not_after: session?.notAfter ?? null,
    days_left: daysLeft ?? null,
  };
}

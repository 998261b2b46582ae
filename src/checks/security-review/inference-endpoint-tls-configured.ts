import { z } from 'zod';
import type { CheckReport } from '../../domain/index.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { ENDPOINT } from '../deployment/parameters.ts';
import { judgeTls } from '../deployment/tls/judge.ts';
import { DEPLOYMENT_EVIDENCE, openDeployment, strangersAt, verdictOf } from '../deployment/verdict.ts';

const PARAMETERS = z.strictObject({
  endpoint: ENDPOINT,
  require_backend_tls: z
    .boolean()
    .default(false)
    .describe('whether the hop from the proxy to the model must be encrypted too; a warning otherwise'),
});
type Parameters = z.output<typeof PARAMETERS>;

/** The model can be asked over TLS 1.2 or later only. */
export const inferenceEndpointTlsConfigured = defineCheck({
  name: 'inference_endpoint_tls_configured',
  stage: 'security_review',
  version: '1.0.0',
  proves:
    'Every route of the manifests that leads to the model ends TLS of version 1.2 or later with a certificate that it may use, and none leads to it over plain HTTP.',
  doesNotProve:
    'That these manifests are what is deployed, that no other way leads to the model, or that a certificate is valid.',
  evidence: DEPLOYMENT_EVIDENCE,
  parameters: PARAMETERS,
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
  const findings = [
    ...serving.findings,
    ...strangersAt(manifests, serving),
    ...judgeTls(serving.doors, context, input.modelId),
  ];
  return verdictOf(
    findings,
    serving,
    `${serving.endpoint.host}${serving.endpoint.path} is served over TLS only`,
  );
}

import { z } from 'zod';
import type { CheckReport } from '../../domain/index.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { judgeAllLimits } from '../deployment/limits/judge.ts';
import { rounded } from '../deployment/limits/limit.ts';
import { ENDPOINT } from '../deployment/parameters.ts';
import {
  DEPLOYMENT_EVIDENCE,
  openDeployment,
  otherArtifacts,
  strangersAt,
  verdictOf,
} from '../deployment/verdict.ts';

const PARAMETERS = z.strictObject({
  endpoint: ENDPOINT,
  max_requests_per_minute: z
    .number()
    .positive()
    .max(1_000_000)
    .default(600)
    .describe(
      'requests that one client may make in a minute at most, bursts included; extraction and evasion take hundreds to thousands of queries',
    ),
  key: z
    .enum(['client', 'any'])
    .default('client')
    .describe('client: a limit must count each client; any: one that counts all clients together will do'),
  validated_headers: z
    .array(z.string().min(1).max(200))
    .max(20)
    .default([])
    .describe(
      'headers, such as x-api-key, without a valid one of which something in front refuses every request; a limit by any other header counts nobody, as a client can change or leave it out',
    ),
  proxy_replicas: z
    .int()
    .min(1)
    .max(10_000)
    .default(1)
    .describe('replicas of the proxy, by which limits that each replica counts for itself are multiplied'),
});
type Parameters = z.output<typeof PARAMETERS>;

/** A limit on the requests of each client is attached to every route that leads to the model. */
export const rateLimitingConfigured = defineCheck({
  name: 'rate_limiting_configured',
  stage: 'security_review',
  version: '1.2.0',
  proves:
    'Every route of the manifests that leads to the model has a rate limit attached to it that is switched on, counts each client, and lets none make more requests in a minute than the policy allows.',
  doesNotProve:
    'That these manifests are what is deployed, that no other way leads to the model, or that the proxy enforces what it was told.',
  evidence: DEPLOYMENT_EVIDENCE,
  parameters: PARAMETERS,
  run,
});

async function run(input: CheckInput<Parameters>): Promise<CheckReport> {
  const { endpoint, max_requests_per_minute: maximum, key, proxy_replicas: replicas } = input.parameters;
  const opened = await openDeployment(input, endpoint);
  if (!opened.ok) return opened.report;
  const { manifests, serving } = opened;
  const { findings, perMinute, everyone } = judgeAllLimits(serving.doors, manifests, serving.endpoint, {
    maximum,
    key,
    replicas,
    validatedHeaders: input.parameters.validated_headers,
  });
  const all = [
    ...serving.findings,
    ...strangersAt(manifests, serving),
    ...otherArtifacts(manifests, serving, input.artifact.digest),
    ...findings,
  ];
  const client = everyone ? 'a client' : 'a client with an IPv4 address';
  const said = `${client} can make at most ${rounded(perMinute ?? 0)} requests a minute at ${serving.endpoint.host}${serving.endpoint.path}; ${maximum} are allowed`;
  const rates =
    perMinute === undefined ? [] : [{ name: 'requests_per_client', value: perMinute, unit: 'per minute' }];
  return verdictOf(all, serving, said, {
    measurements: [...rates, { name: 'maximum_requests_per_client', value: maximum, unit: 'per minute' }],
  });
}

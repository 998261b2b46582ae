import { z } from 'zod';
import {
  Digest,
  type EnforcementHook,
  type EnforcementOrder,
  FINDING_KINDS,
  Instant,
} from '../../domain/index.ts';
import { postJson } from '../send.ts';
import type { WebhookOptions } from './receiver.ts';
import { signedHeaders } from './signature.ts';

/** The body of an order to whoever blocks traffic. */
export const EnforcementMessage = z.object({
  type: z.enum(['enforcement.block', 'enforcement.release']).describe('What is to be done.'),
  version: z.literal(1).describe('Of this form.'),
  timestamp: Instant.describe('When the monitor decided it.'),
  data: z
    .object({
      environment: z.string().describe('Where.'),
      deployment: z.string().describe('source/environment/deployment.'),
      modelId: z.string().describe('Under which name it serves.'),
      modelVersion: z.string().describe('Under which version.'),
      observed: Digest.nullable().describe('Digest of what it was seen to serve.'),
      finding: z
        .object({
          id: z.int().describe('Its number.'),
          kind: z.enum(FINDING_KINDS).describe('What is wrong.'),
          summary: z.string().describe('What is wrong, in a sentence.'),
        })
        .describe('For what it is.'),
      statement: z
        .unknown()
        .describe(
          'The signed `enforcement/v1` of the monitor, as a Sigstore bundle: verify it before you act.',
        ),
    })
    .describe('What it is about.'),
});
export type EnforcementMessage = z.infer<typeof EnforcementMessage>;

/** The webhook that blocks traffic, signed as all our webhooks are. Any 2xx says that the order was taken. */
export function createEnforcementHook({
  url,
  secrets,
  send,
}: Pick<WebhookOptions, 'url' | 'secrets' | 'send'>): EnforcementHook {
  return {
    send: async (order, now) => {
      const body = JSON.stringify(messageOf(order));
      const id = `enforcement-${order.id}-${order.action}-${Date.parse(order.decidedAt)}`;
      const headers = signedHeaders(secrets, { id, body, now });
      await postJson(send, url, { body, headers }, (status) => status >= 200 && status < 300);
    },
  };
}

function messageOf({
  action,
  decidedAt,
  finding,
  findingId,
  statement,
}: EnforcementOrder): EnforcementMessage {
  const { environment, deployment, modelId, modelVersion, observed, kind, summary } = finding;
  return {
    type: `enforcement.${action}`,
    version: 1,
    timestamp: decidedAt,
    data: {
      ...{ environment, deployment, modelId, modelVersion, observed },
      finding: { id: findingId, kind, summary },
      statement: JSON.parse(statement),
    },
  };
}

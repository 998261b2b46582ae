import { resolve } from 'node:path';
import { z } from 'zod';
import { ENFORCEABLE_KINDS, type EnforcementPolicy } from '../domain/index.ts';
import { SECOND } from '../lib/index.ts';
import { reach, secretFiles, Url } from './alerts.ts';
import { clientFault, type ReceiverConfig, reachOf } from './receiver.ts';

const Text = z.string().min(1).max(512);

/** `enforcement` of countersign.yaml. */
export const Enforcement = z
  .strictObject({
    mode: z
      .enum(['off', 'dry_run', 'on'])
      .default('off')
      .describe(
        'Whether the traffic of deployments is blocked. `dry_run` signs and tells what would be done, and does nothing.',
      ),
    url: Url.optional().describe('Where orders are posted to whoever blocks traffic.'),
    secret_files: secretFiles.optional(),
    timeout_seconds: z.int().min(1).max(60).default(10).describe('Seconds for an answer.'),
    rules: z
      .array(
        z.strictObject({
          environments: z.array(Text).min(1).describe('Environments where it holds; `*` for all.'),
          kinds: z.array(z.enum(ENFORCEABLE_KINDS)).min(1).describe('Kinds of finding that block.'),
        }),
      )
      .max(50)
      .default([])
      .describe('For which findings a deployment is blocked. For what no rule names nothing is.'),
    most_at_once: z
      .int()
      .min(1)
      .max(10_000)
      .default(3)
      .describe('Deployments that are blocked at a time, at most. Beyond that a person decides.'),
    most_per_hour: z
      .int()
      .min(1)
      .max(10_000)
      .default(10)
      .describe('Deployments that are blocked within an hour, at most. Beyond that a person decides.'),
    ...reach,
  })
  .superRefine(({ mode, url, secret_files: secrets, rules, ...keys }, ctx) => {
    const complain = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
    if ((url === undefined) !== (secrets === undefined))
      complain(url === undefined ? 'url' : 'secret_files', 'url and secret_files go together');
    if (mode === 'on' && url === undefined)
      complain('mode', 'nobody can be told to block anything: give url');
    const ofClient = clientFault(url === undefined ? [] : [url], keys);
    if (ofClient !== null) complain('client_certificate_file', ofClient);
    if (mode !== 'off' && rules.length === 0) complain('rules', 'nothing is blocked without a rule');
  });

/** What `enforcement` amounts to, paths absolute. */
export interface EnforcementConfig {
  readonly policy: EnforcementPolicy;
  /** Null where nobody is told. */
  readonly hook: Extract<ReceiverConfig, { type: 'webhook' }> | null;
}

/** Reads the section. */
export function enforcementConfig(base: string, raw: z.infer<typeof Enforcement>): EnforcementConfig {
  const { mode, rules, most_at_once: mostAtOnce, most_per_hour: mostPerHour } = raw;
  const { url, secret_files: secrets = [] } = raw;
  const hook =
    url === undefined
      ? null
      : ({
          type: 'webhook',
          name: 'enforcement',
          url,
          secretFiles: secrets.map((path) => resolve(base, path)),
          timeout: raw.timeout_seconds * SECOND,
          ...reachOf(base, raw),
        } as const);
  return { policy: { mode, rules, mostAtOnce, mostPerHour }, hook };
}

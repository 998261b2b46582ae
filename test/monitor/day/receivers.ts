import { DAY, HOUR, MINUTE } from '../../../src/lib/index.ts';
import {
  createAlertChannel,
  createAlertmanager,
  createEnforcementHook,
  createSlackClient,
  createWebhook,
  personNamer,
} from '../../../src/notify/index.ts';
import { createOutbound } from '../../../src/outbound/index.ts';
import type { AlertContext, EnforcementContext } from '../../../src/services/index.ts';
import { policyOf } from '../../support/alerting.ts';
import { BOT_TOKEN, type BotHarness } from '../../support/bot-harness.ts';
import { TEAM } from '../../support/bot-story.ts';

/** The secret by which the signed webhook knows us. */
export const SECRET = `whsec_${Buffer.from('day'.repeat(8)).toString('base64')}`;

/** Milliseconds after which others are told of what is critical, where nobody acknowledges it. */
export const UNANSWERED = 6 * HOUR;

/** Where an Alertmanager and a webhook listen. */
export interface Addresses {
  readonly alertmanager: string;
  readonly siem: string;
}

/**
 * A channel in Slack, an Alertmanager and a signed webhook, each told of everything. Alertmanager has its own clock, and the
 * day's is weeks behind: what fires is said to fire long enough to do so still by that of Alertmanager, and is told again each
 * minute all the same.
 */
export function receiversOf(
  { story, slack }: BotHarness,
  { alertmanager, siem }: Addresses,
): AlertContext['alerting'] {
  const outbound = createOutbound({
    hosts: [alertmanager, new URL(siem).origin],
    addresses: ['127.0.0.1'],
    ca: null,
  });
  const told = { findingUrl: () => null, send: outbound.send };
  const client = createSlackClient({ token: BOT_TOKEN, apiUrl: slack.apiUrl });
  const around = { nameOf: personNamer(story.context.directory, TEAM), runUrl: () => null };
  const name = '#model-alerts';
  return {
    policy: policyOf(['slack', 'ops', 'siem'], {
      levels: [{ severity: 'critical', after: UNANSWERED, to: [], people: ['lea'] }],
    }),
    channels: [{ receiver: 'slack', name, channel: createAlertChannel(client, name, around) }],
    receivers: [
      {
        ...createAlertmanager({
          ...{ name: 'ops', url: alertmanager, authorization: null, resendEvery: 60 * DAY },
          ...told,
        }),
        resendEvery: MINUTE,
      },
      createWebhook({ name: 'siem', url: siem, secrets: [SECRET], ...told }),
    ],
  };
}

/** Has the traffic of what serves swapped bytes blocked, by a webhook. */
export function enforcementBy(url: string): EnforcementContext['enforcement'] {
  const { send } = createOutbound({ hosts: [new URL(url).origin], addresses: ['127.0.0.1'], ca: null });
  const rules = [{ environments: ['production'], kinds: ['hash_mismatch' as const] }];
  return {
    policy: { mode: 'on', rules, mostAtOnce: 3, mostPerHour: 10 },
    hook: createEnforcementHook({ url, secrets: [SECRET], send }),
  };
}

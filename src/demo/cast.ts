import { systemClock } from '../compose/clock.ts';
import { GOVERNANCE_COMMAND } from '../notify/index.ts';
import type { SlackWorkspaceOptions } from './slack/index.ts';

/** The people of the story, with their Slack user ids and where they live. */
export const CAST = {
  dana: { id: 'dana', name: 'Dana Okafor', slack: 'U0DANA', role: null, tz: 'Africa/Lagos' },
  mira: { id: 'mira', name: 'Mira Lindqvist', slack: 'U0MIRA', role: 'ml_lead', tz: 'Europe/Stockholm' },
  tomas: {
    id: 'tomas',
    name: 'Tomás Rivera',
    slack: 'U0TOMAS',
    role: 'compliance_officer',
    tz: 'Europe/Madrid',
  },
  kai: { id: 'kai', name: 'Kai Brandt', slack: 'U0KAI', role: null, tz: 'America/New_York' },
} as const;

export const TEAM = 'T0KESTREL';
export const APP = 'A0COUNTERSIGN';
export const APPROVALS = { id: 'C0GOVERN', name: 'model-governance' };
export const ALERTS = { id: 'C0ALERTS', name: 'model-alerts' };
/** The identity under which CI submits; dana looks after it. */
export const CI_IDENTITY = 'kestrel-pay/fraud-detection@main';

/** The company's Slack workspace. */
export function slackOptions(secrets: { botToken: string; signingSecret: string }): SlackWorkspaceOptions {
  return {
    team: { id: TEAM, domain: 'kestrel-pay', name: 'Kestrel Pay' },
    app: { id: APP, name: 'Countersign', shouldEscape: GOVERNANCE_COMMAND.should_escape, ...secrets },
    users: Object.values(CAST).map(({ id, name, slack, tz }) => ({
      id: slack,
      name: id,
      realName: name,
      tz,
    })),
    channels: [APPROVALS, ALERTS],
    clock: () => new Date(systemClock.now()),
  };
}

import type { OverrideCard } from '../../src/notify/index.ts';
import { digest } from './samples.ts';

const NAMES: Readonly<Record<string, string>> = { otto: '<@U0OTTO>', olga: '<@U0OLGA>', lea: '<@U0LEA>' };
const nameOf = (person: string): string => NAMES[person] ?? person;

/** An override that is in force. */
export const OVERRIDE: OverrideCard['override'] & { readonly needsConfirmation: boolean } = {
  id: digest('e'),
  modelId: 'fraud-detection',
  modelVersion: '4.1.2',
  environment: 'production',
  artifact: { digest: digest('a') },
  person: 'otto',
  reason: 'Payments fail since 09:00; 4.1.1 cannot read the new fields. <!channel>',
  reference: 'INC-2217',
  unmet: [
    { message: 'the stage bias_and_fairness did not pass: it failed' },
    { message: 'nobody has approved it: compliance_officer and ml_lead are missing' },
  ],
  informed: ['lea', 'cora'],
  needsConfirmation: true,
  grantedAt: '2026-11-23T09:30:00.000Z',
  expiresAt: '2026-11-23T13:30:00.000Z',
  documentationDueAt: '2026-11-26T09:30:00.000Z',
  confirmedBy: 'olga',
  confirmedAt: '2026-11-23T09:34:00.000Z',
  documentedBy: null,
  documentedAt: null,
  documentation: null,
};

const IN_FORCE: OverrideCard = {
  presentationId: 'presentation-1',
  button: 'presentation-1',
  override: OVERRIDE,
  earlier: 2,
  phase: 'in_force',
  documentation: 'due',
  nameOf,
};

const UNCONFIRMED = { ...OVERRIDE, confirmedBy: null, confirmedAt: null };
const DOCUMENTED = {
  ...OVERRIDE,
  documentedBy: 'olga',
  documentedAt: '2026-11-24T10:00:00.000Z',
  documentation: 'The partner bank changed its format. 4.1.3 went through the pipeline this morning.',
};

/** An override's card at each moment of its life. */
export const OVERRIDE_CARDS: Readonly<Record<string, OverrideCard>> = {
  waiting: { ...IN_FORCE, override: UNCONFIRMED, phase: 'waiting', documentation: 'none' },
  lapsed: { ...IN_FORCE, override: UNCONFIRMED, phase: 'lapsed', documentation: 'none' },
  'in force': IN_FORCE,
  ended: { ...IN_FORCE, phase: 'ended' },
  overdue: { ...IN_FORCE, phase: 'ended', documentation: 'overdue' },
  documented: { ...IN_FORCE, override: DOCUMENTED, phase: 'ended', documentation: 'documented' },
};

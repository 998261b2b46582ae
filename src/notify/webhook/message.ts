import { z } from 'zod';
import { type AlertNotice, Digest, FINDING_KINDS, Instant } from '../../domain/index.ts';

const person = z.string().nullable();

const FindingPart = z.object({
  id: z.int().describe('Names this occurrence to people, and in the API.'),
  key: z.string().describe('Names the discrepancy: the same in every occurrence of it.'),
  kind: z.enum(FINDING_KINDS).describe('What is wrong.'),
  severity: z.enum(['critical', 'warning']).describe('How bad it is.'),
  state: z.enum(['firing', 'resolved']).describe('How it stands now, which may be later than this step.'),
  environment: z.string().describe('Where; `*` where it is about none in particular.'),
  deployment: z.string().describe('source/environment/deployment; `*/…` where it is about something else.'),
  modelId: z.string().describe('The model; `*` for none.'),
  modelVersion: z.string().describe('Its version; `*` for none.'),
  owner: z.string().nullable().describe('Whose model it is, by `alerts.owners`.'),
  observed: Digest.nullable().describe('Digest of what is deployed.'),
  expected: Digest.nullable().describe('Digest of what was governed under that name.'),
  confidence: z
    .enum(['verified', 'reported', 'declared', 'unknown'])
    .nullable()
    .describe('How sure the observation is; null where it is about no deployment.'),
  summary: z.string().describe('What is wrong, in a sentence.'),
  remedy: z.string().describe('What to do.'),
  firedAt: Instant.describe('Since when.'),
  resolvedAt: Instant.nullable().describe('When it ended; null while it fires.'),
  acknowledgedBy: person.describe('Id of the person who looks into it; null for nobody.'),
  mutedUntil: Instant.nullable().describe('Until when Slack is quiet about it; null where it is not.'),
  flappingSince: Instant.nullable().describe(
    'Since when it comes and goes and is kept open; null where it does not.',
  ),
  url: z.url().nullable().describe('Where the API tells more; null without `public_url`.'),
});

const StepPart = z.object({
  id: z.int().describe('Rises with each step, of all findings together.'),
  at: Instant.describe('When it happened.'),
  by: person.describe('Id of the person who did it; null where the monitor did.'),
  level: z.int().nullable().describe('Of `finding.escalated`: the level, from 1.'),
  people: z
    .array(z.string())
    .nullable()
    .describe('Of `finding.escalated`: ids of the people that are asked.'),
  until: Instant.nullable().describe('Of `finding.muted`: until when.'),
});

/** What a step is called: `finding.` and the kind of the step. */
const STEP_TYPES = [
  'finding.fired',
  'finding.changed',
  'finding.acknowledged',
  'finding.muted',
  'finding.unmuted',
  'finding.mute_ended',
  'finding.escalated',
  'finding.blocked',
  'finding.block_held',
  'finding.block_allowed',
  'finding.released',
  'finding.run_asked',
  'finding.run_queued',
  'finding.run_refused',
  'finding.resolved',
] as const;

/** The body of a webhook about a step of a finding. Fields may be added; a change of any other kind raises the version. */
export const WebhookMessage = z.object({
  type: z.enum(STEP_TYPES).describe('What happened. Take a type that you do not know for `finding.changed`.'),
  version: z.literal(1).describe('Of this form.'),
  timestamp: Instant.describe('When it happened, as `data.step.at`.'),
  data: z
    .object({
      step: StepPart.describe('What happened.'),
      finding: FindingPart.describe('The finding as it stands now.'),
    })
    .describe('What it is about.'),
});
export type WebhookMessage = z.infer<typeof WebhookMessage>;

/** The message about a step. What people wrote is left out: it must stay erasable. Pure. */
export function webhookMessage(
  { alert, owner, event }: AlertNotice & { readonly event: NonNullable<AlertNotice['event']> },
  findingUrl: (id: number) => string | null,
): WebhookMessage {
  const { finding, state, firedAt, resolvedAt, id, handling } = alert;
  const { key, kind, severity, environment, deployment, modelId, modelVersion } = finding;
  const { observed, expected, summary, remedy } = finding;
  const names = { key, kind, severity, state, environment, deployment, modelId, modelVersion, owner };
  return {
    type: `finding.${event.kind}`,
    version: 1,
    timestamp: event.at,
    data: {
      step: {
        id: event.id,
        at: event.at,
        by: event.person,
        level: event.kind === 'escalated' ? event.level : null,
        people: event.kind === 'escalated' ? [...event.people] : null,
        until: event.kind === 'muted' ? event.until : null,
      },
      finding: {
        id,
        ...names,
        observed,
        expected,
        confidence: finding.observation?.confidence ?? null,
        summary,
        remedy,
        firedAt,
        resolvedAt,
        acknowledgedBy: handling.acknowledged?.by ?? null,
        mutedUntil: handling.mute?.until ?? null,
        flappingSince: finding.flapping?.since ?? null,
        url: findingUrl(id),
      },
    },
  };
}

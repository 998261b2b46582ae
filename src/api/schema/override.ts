import { z } from '@hono/zod-openapi';
import { PersonId, StatementId } from '../../domain/index.ts';
import { DigestText, ModelIdText, Next, Time, VersionText } from './names.ts';

/** The id of an override. Anything else cannot name one, and is not looked up. */
export const OverrideId = StatementId.meta({
  description: "The override: its statement's id.",
  example: '1f5b0a6f7c2f0f7f5d3f7f6a0f1c9f2b8a4d7e6c5b3a291807f6e5d4c3b2a190',
});

const By = z.object({ person: PersonId, at: Time });

export const OverrideBody = z
  .object({
    id: OverrideId,
    modelId: ModelIdText,
    modelVersion: VersionText,
    environment: z.string(),
    artifact: DigestText,
    phase: z.enum(['waiting', 'lapsed', 'in_force', 'ended']).openapi({
      description: 'How far it has come: `waiting` for a second person; `lapsed`, nobody confirmed it.',
    }),
    person: PersonId,
    reason: z.string().nullable().openapi({ description: 'Null once it was erased.' }),
    reference: z.string().nullable(),
    unmet: z
      .array(z.object({ code: z.string(), message: z.string() }))
      .readonly()
      .openapi({ description: 'What the policy said instead: what was overridden.' }),
    informed: z
      .array(PersonId)
      .readonly()
      .openapi({ description: 'Approvers who were passed over, and told.' }),
    needsConfirmation: z.boolean(),
    confirmed: By.nullable(),
    grantedAt: Time,
    expiresAt: Time,
    documentation: z.object({
      state: z.enum(['none', 'due', 'overdue', 'documented']).openapi({
        description:
          '`none` is owed for what was never good. `overdue`: no version of the model can be overridden.',
      }),
      dueAt: Time,
      given: By.extend({ text: z.string().nullable() }).nullable().openapi({
        description: 'Who documented it, when and how; the words are null once they were erased.',
      }),
    }),
  })
  .openapi('Override', {
    description: 'That an artifact may serve traffic for a time though it is not governed.',
  });

export const OverrideListBody = z
  .object({
    overrides: z.array(OverrideBody).readonly(),
    next: Next,
  })
  .openapi('OverrideList');

/** What is said of an override after the fact. */
export const DocumentationWish = z.strictObject({
  documentation: z
    .string()
    .trim()
    .min(1)
    .max(3000)
    .describe(
      'What happened, who was affected, and how what was skipped was made up for. Kept erasable; its salted digest is signed.',
    ),
});

export const DocumentationAnswer = z
  .object({
    recorded: z.boolean().openapi({
      description: 'False where this person had said the same before: it counts once.',
    }),
    override: OverrideBody,
  })
  .openapi('DocumentationAnswer');

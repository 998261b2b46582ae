import { type Message, note, overrideModal, troubleNote } from '../../../notify/index.ts';
import { overridesBefore, previewOverride } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';
import { reasonOf } from '../../failure.ts';
import { explainOverrideRefusal } from '../../override.ts';
import type { CommandCall } from '../../payload.ts';
import { confirmOfficerSoon } from '../../roles.ts';
import type { GovernanceQuery } from './parse.ts';

type OverrideQuery = Extract<GovernanceQuery, { kind: 'override' }>;

/**
 * `/governance override <model>@<version> [environment]`: opens the form for who may, within the three seconds that Slack gives; tells
 * the others why they may not. Null when the form is open. Grants nothing.
 */
export async function openOverride(
  ctx: BotContext,
  call: CommandCall,
  query: OverrideQuery,
): Promise<Message | null> {
  try {
    return await tryToOpen(ctx, call, query);
  } catch (error) {
    ctx.logger.error('a form could not be opened', { reason: reasonOf(error) });
    return troubleNote('temporary_failure');
  }
}

async function tryToOpen(
  ctx: BotContext,
  { account, channel, triggerId }: CommandCall,
  { modelId, modelVersion, environment }: OverrideQuery,
): Promise<Message | null> {
  const scope = { modelId, modelVersion, environment: environment ?? ctx.settings.environment };
  const person = ctx.services.directory.personOfSlack(account);
  if (person === null) return explainOverrideRefusal('unknown_person', scope, account);
  await confirmOfficerSoon(ctx, person);
  const { refusal, ground, view } = await previewOverride(ctx.services, { ...scope, person, account });
  const reasons = ground.verdict?.reasons ?? [];
  if (refusal !== null || ground.artifact === null || view === null)
    return explainOverrideRefusal(
      refusal ?? 'unknown_artifact',
      { ...scope, rules: ground.rules, reasons },
      account,
    );
  const { longest, secondPerson, documentation } = ground.rules;
  const opened = await ctx.slack.openModal(
    triggerId,
    overrideModal({
      ...scope,
      ...{ view, channel, longest, secondPerson, documentation },
      artifact: ground.artifact.digest,
      unmet: reasons,
      earlier: await overridesBefore(ctx.services, modelId, ctx.services.clock.now()),
    }),
  );
  return opened === 'opened' ? null : note(...EXPIRED);
}

const EXPIRED = [
  'Slack did not let me open the form in time. Nothing was recorded.',
  'Give the command again.',
];

import { didYouMean, historyReply, type Message } from '../../../notify/index.ts';
import { modelHistory, modelsLike } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';

const SIZE = 6;

/** `/governance history <model>`. */
export async function answerHistory(
  { services, nameOf }: BotContext,
  { modelId, page }: { readonly modelId: string; readonly page: number },
): Promise<Message> {
  const { rows, more } = await modelHistory(services, modelId, { page, size: SIZE });
  if (rows.length === 0 && page === 1) {
    const meant = await modelsLike(services, modelId);
    return didYouMean(`nothing was ever submitted as ${modelId}`, meant, '/governance history');
  }
  const entries = rows.map(({ run, decisions }) => ({
    modelVersion: run.modelVersion,
    artifact: run.artifact.digest,
    attempt: run.attempt,
    state: run.state,
    failure: run.failure,
    submittedAt: run.submittedAt,
    submitter: run.submitter.subject,
    decisions,
  }));
  return historyReply({ modelId, entries, page, more, nameOf, command: `history ${modelId}` });
}

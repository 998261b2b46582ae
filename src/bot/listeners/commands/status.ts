import { CountersignError } from '../../../domain/index.ts';
import { didYouMean, type Message, statusReply } from '../../../notify/index.ts';
import { modelStatus, modelsLike } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';

/** `/governance status <model>[@version]`. */
export async function answerStatus(
  { services, settings }: BotContext,
  { modelId, modelVersion }: { readonly modelId: string; readonly modelVersion: string | null },
): Promise<Message> {
  const { environment, runUrl } = settings;
  const asked = modelVersion === null ? { modelId } : { modelId, modelVersion };
  try {
    const status = await modelStatus(services, { ...asked, environment });
    const versions = status.versions.map((one) => ({ ...one, runUrl: runUrl(one.latestRun.id) }));
    return statusReply({ ...status, versions, environment });
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'not_found') throw error;
    const meant = await modelsLike(services, modelId);
    // Where the model is known, it is the version that is not.
    return didYouMean(error.message, meant, '/governance status');
  }
}

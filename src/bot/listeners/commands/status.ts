import { CountersignError } from '../../../domain/index.ts';
import { code, escaped, type Message, note, statusReply } from '../../../notify/index.ts';
import { modelStatus } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';

/** `/governance status <model>[@version]`. */
export async function answerStatus(
  { services, settings }: BotContext,
  { modelId, modelVersion }: { readonly modelId: string; readonly modelVersion: string | null },
): Promise<Message> {
  const { environment } = settings;
  const asked = modelVersion === null ? { modelId } : { modelId, modelVersion };
  try {
    return statusReply({ ...(await modelStatus(services, { ...asked, environment })), environment });
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'not_found') throw error;
    return note(
      `${escaped(error.message, 400)}.`,
      `Check the spelling; ${code('/governance status', 40)} takes a model id such as ${code('fraud-detection', 40)}.`,
    );
  }
}

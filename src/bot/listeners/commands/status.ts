import { CountersignError, type Instant } from '../../../domain/index.ts';
import { didYouMean, type Message, statusAtReply, statusReply } from '../../../notify/index.ts';
import { modelStatus, modelsLike, recentRuns, statusAt } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';
import { placeOf } from './place.ts';

const MIDNIGHT = 'T00:00:00.000Z';

interface Asked {
  readonly modelId: string;
  readonly modelVersion: string | null;
  readonly at: Instant | null;
  readonly environment: string | null;
}

/** `/governance status <model>[@version][@time] [in <environment>]`. A version may look like a date, and is meant where there is one. */
export async function answerStatus(ctx: BotContext, asked: Asked): Promise<Message> {
  const { at, modelId, modelVersion } = asked;
  if (at === null) return answerNow(ctx, asked);
  const date = at.endsWith(MIDNIGHT) ? at.slice(0, 10) : null;
  if (modelVersion === null && date !== null && (await isVersion(ctx, modelId, date)))
    return answerNow(ctx, { ...asked, modelVersion: date });
  return statusAtReply(await statusAt(ctx.services, { ...named(asked), at }));
}

async function isVersion({ services }: BotContext, modelId: string, modelVersion: string): Promise<boolean> {
  return (await recentRuns(services, { modelId, modelVersion, limit: 1 })).length > 0;
}

function named({ modelId, modelVersion }: Pick<Asked, 'modelId' | 'modelVersion'>) {
  return modelVersion === null ? { modelId } : { modelId, modelVersion };
}

async function answerNow(
  { services, settings }: BotContext,
  { modelId, modelVersion, environment: wished }: Omit<Asked, 'at'>,
): Promise<Message> {
  const place = placeOf(settings, wished);
  if ('refused' in place) return place.refused;
  const { environment } = place;
  const asked = named({ modelId, modelVersion });
  try {
    const status = await modelStatus(services, { ...asked, environment });
    const versions = status.versions.map((one) => ({ ...one, runUrl: settings.runUrl(one.latestRun.id) }));
    return statusReply({ ...status, versions, ...place });
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'not_found') throw error;
    const meant = await modelsLike(services, modelId);
    // Where the model is known, it is the version that is not.
    return didYouMean(error.message, meant, '/governance status');
  }
}

import { type Alert, CountersignError, type Logger, type Processors } from '../domain/index.ts';
import { type AlertContext, deliverFinding } from '../services/index.ts';

/** Processors of the queue `alerts`. What cannot be told to people is told to the log. */
export function alertProcessors(context: AlertContext, logger: Logger): Processors {
  return {
    'deliver-finding': async ({ findingId }) => {
      const untold = await deliverFinding(context, findingNumber(findingId));
      if (untold !== null) logAlert(logger, untold);
    },
  };
}

function logAlert(logger: Logger, { finding, state, firedAt, resolvedAt }: Alert): void {
  const { kind, severity, deployment, modelId, modelVersion, summary, remedy } = finding;
  const about = { kind, severity, deployment, modelId, modelVersion, firedAt, resolvedAt, summary, remedy };
  logger.warn(state === 'firing' ? 'finding fires' : 'finding resolved', about);
}

function findingNumber(text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d{0,15}$/.test(text)) return Number(text);
  throw new CountersignError(
    'invalid_input',
    `deliver-finding: expected findingId to be a positive whole number, got ${JSON.stringify(text)}`,
  );
}

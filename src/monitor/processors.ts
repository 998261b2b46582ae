import { CountersignError, type Processors } from '../domain/index.ts';
import { type AlertContext, deliverFinding } from '../services/index.ts';

/** Processors of the queue `alerts`. */
export function alertProcessors(context: AlertContext): Processors {
  return { 'deliver-finding': ({ findingId }) => deliverFinding(context, findingNumber(findingId)) };
}

function findingNumber(text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d{0,15}$/.test(text)) return Number(text);
  throw new CountersignError(
    'invalid_input',
    `deliver-finding: expected findingId to be a positive whole number, got ${JSON.stringify(text)}`,
  );
}

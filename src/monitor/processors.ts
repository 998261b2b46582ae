import {
  type Alert,
  type AlertStorm,
  CountersignError,
  type Logger,
  type Processors,
} from '../domain/index.ts';
import {
  type AlertContext,
  answerWitness,
  deliverFinding,
  deliverStorm,
  type EnforcementContext,
  inspectPublication,
  type MonitorContext,
  orderEnforcement,
  publishCheckpoint,
  publishEvidence,
} from '../services/index.ts';

/** Processors of the queue `alerts`. What cannot be told to people is told to the log. */
export function alertProcessors(context: AlertContext, logger: Logger): Processors {
  return {
    'deliver-finding': async ({ findingId }) => {
      const untold = await deliverFinding(context, positive('findingId', findingId));
      if (untold !== null) logAlert(logger, untold);
    },
    'deliver-storm': async ({ stormId }) => {
      const untold = await deliverStorm(context, positive('stormId', stormId));
      if (untold !== null) logStorm(logger, untold);
    },
  };
}

/** Processors of the queue `publishing`: only this surface holds the credentials of the places. */
export function publishingProcessors(context: MonitorContext & EnforcementContext): Processors {
  const keyOf = ({ place = '', modelId = '', modelVersion = '' }) => ({ place, modelId, modelVersion });
  return {
    'publish-checkpoint': ({ treeSize }) => publishCheckpoint(context, positive('treeSize', treeSize)),
    'publish-evidence': (payload) => publishEvidence(context, keyOf(payload)),
    // A queue of its own: no hook that is slow keeps an alert waiting.
    'order-enforcement': ({ enforcementId }) =>
      orderEnforcement(context, positive('enforcementId', enforcementId)),
    'inspect-publication': (payload) => inspectPublication(context, keyOf(payload)),
  };
}

/** Processors of the queue `witness`. */
export function witnessProcessors(context: MonitorContext): Processors {
  return { 'witness-view': ({ requestId = '' }) => answerWitness(context, requestId) };
}

function logAlert(logger: Logger, { finding, state, firedAt, resolvedAt }: Alert): void {
  const { kind, severity, deployment, modelId, modelVersion, summary, remedy } = finding;
  const about = { kind, severity, deployment, modelId, modelVersion, firedAt, resolvedAt, summary, remedy };
  logger.warn(state === 'firing' ? 'finding fires' : 'finding resolved', about);
}

function logStorm(logger: Logger, { kind, beganAt, alerts }: AlertStorm): void {
  const firing = alerts.filter(({ state }) => state === 'firing');
  const about = firing.map(({ id, finding }) => `${id} ${finding.key}`);
  const fields = { kind, beganAt, firing: firing.length, resolved: alerts.length - firing.length, about };
  logger.warn('many findings at once', fields);
}

function positive(name: string, text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d{0,15}$/.test(text)) return Number(text);
  throw new CountersignError(
    'invalid_input',
    `a delivery: expected ${name} to be a positive whole number, got ${JSON.stringify(text)}`,
  );
}

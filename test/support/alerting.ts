import type { AlertChannel, AlertPolicy, AlertReceiver } from '../../src/domain/index.ts';
import type { AlertContext, EnforcementContext } from '../../src/services/index.ts';

/** Alerts that go to one Slack channel, all of them. */
export function alertingIn(name: string, channel: AlertChannel): AlertContext['alerting'] {
  return { policy: policyOf(['slack']), channels: [{ receiver: 'slack', name, channel }], receivers: [] };
}

/** Alerts that go to machines, all of them to each. */
export function alertingTo(...receivers: readonly AlertReceiver[]): AlertContext['alerting'] {
  return { policy: policyOf(receivers.map(({ name }) => name)), channels: [], receivers };
}

/** A policy by which all receivers are told of everything. */
export function policyOf(receivers: readonly string[], rest: Partial<AlertPolicy> = {}): AlertPolicy {
  return { owners: [], routes: [], fallback: receivers, receivers, levels: [], ...rest };
}

/** Alerts that go to the log alone. */
export const NO_ALERTING: AlertContext['alerting'] = alertingTo();

/** Nothing is blocked. */
export const NO_ENFORCEMENT: EnforcementContext['enforcement'] = {
  policy: { mode: 'off', rules: [], mostAtOnce: 1, mostPerHour: 1 },
  hook: null,
};

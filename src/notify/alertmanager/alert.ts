import type { AlertNotice, FindingKind, Instant } from '../../domain/index.ts';
import { later } from '../../lib/index.ts';

/** An alert as Alertmanager's API v2 takes it. */
export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly generatorURL?: string;
}

/** What an alert is made of besides the finding. */
export interface AlertTimes {
  readonly now: Instant;
  /** Milliseconds between two sendings of what fires. */
  readonly resendEvery: number;
  /** The address of a finding; null where nobody knows that of the service. */
  readonly findingUrl: (id: number) => string | null;
}

/** So many sendings may fail before Alertmanager takes an alert for resolved, as with Prometheus. */
const SENDINGS_MISSED = 4;

/** The `alertname` of a kind of finding: `hash_mismatch` is `CountersignHashMismatch`. */
export function alertName(kind: FindingKind): string {
  const words = kind.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `Countersign${words.join('')}`;
}

/**
 * What is told of a finding: the alert that it is, and where its severity was another one, the end of the alert that it was,
 * for to Alertmanager that is not the same. Pure.
 */
export function postedAlerts(notice: AlertNotice, times: AlertTimes): PostedAlert[] {
  const posted = postedAlert(notice, times);
  const { handling, finding, firedAt } = notice.alert;
  const { former } = handling;
  if (former === undefined || former.severity === finding.severity) return [posted];
  const labels = { ...posted.labels, severity: former.severity };
  return [{ ...posted, labels, endsAt: afterStart(firedAt, former.until) }, posted];
}

/**
 * A finding as an alert. Its labels are its identity, and stay the same as long as it is the same finding; what may change
 * stands in annotations. Pure.
 */
function postedAlert(
  { alert, owner }: AlertNotice,
  { now, resendEvery, findingUrl }: AlertTimes,
): PostedAlert {
  const { finding, firedAt, resolvedAt, id } = alert;
  const url = findingUrl(id);
  return {
    labels: known({
      alertname: alertName(finding.kind),
      severity: finding.severity,
      environment: finding.environment,
      model_id: finding.modelId,
      model_version: finding.modelVersion,
      deployment: finding.deployment,
      owner,
      finding: finding.key,
    }),
    annotations: known({
      summary: finding.summary,
      remedy: finding.remedy,
      observed: finding.observed,
      expected: finding.expected,
      confidence: finding.observation?.confidence ?? null,
      how: finding.observation?.how ?? null,
      finding_id: String(id),
      acknowledged_by: alert.handling.acknowledged?.by ?? null,
      muted_until: alert.handling.mute?.until ?? null,
      flapping_since: finding.flapping?.since ?? null,
    }),
    startsAt: firedAt,
    endsAt: afterStart(firedAt, resolvedAt ?? later(now, SENDINGS_MISSED * resendEvery)),
    ...(url === null ? {} : { generatorURL: url }),
  };
}

/** An alert that does not end after it starts is refused by Alertmanager, and the clock may have been set back since. */
function afterStart(startsAt: Instant, endsAt: Instant): Instant {
  return endsAt > startsAt ? endsAt : later(startsAt, 1);
}

/** An empty label is none for Alertmanager, and text that is no Unicode is refused by it. */
function known(fields: Readonly<Record<string, string | null>>): Record<string, string> {
  const entries = Object.entries(fields).flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, value.toWellFormed()] as const],
  );
  return Object.fromEntries(entries);
}

import type { Logger } from '../domain/index.ts';
import type { AlertContext, EnforcementContext, MonitorContext } from '../services/index.ts';
import type { Metrics } from '../telemetry/index.ts';

/** What the monitor needs. */
export interface MonitorDeps {
  readonly context: MonitorContext & AlertContext & EnforcementContext;
  /** Seconds between ticks; must divide a minute, an hour or a day. */
  readonly intervalSeconds: number;
  /** Hours between two audits of a check that is right. */
  readonly auditHours: number;
  readonly metrics: Pick<Metrics, 'show' | 'hide' | 'tick'>;
  readonly logger: Logger;
  /** Called at each tick that this monitor makes as the leader, once it has looked at the ledger. */
  readonly whenLed: () => void;
}

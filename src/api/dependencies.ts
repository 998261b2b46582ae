import type { Logger } from '../domain/index.ts';
import type {
  ExportContext,
  ProofContext,
  QueueingContext,
  RunLinks,
  SealedFetchContext,
} from '../services/index.ts';

/** What the API is told by the configuration. */
export interface ApiSettings {
  /** Environments that may be asked about; the first is meant where a request names none. */
  readonly environments: readonly string[];
  /** The most bytes that one upload may have. */
  readonly uploadLimit: number;
}

/** Metrics in a Prometheus text format. */
export interface MetricsPage {
  readonly contentType: string;
  readonly body: string;
}

/** What health and metrics need; every process has these. */
export interface OperationDependencies {
  /** Null where this process exports no metrics. */
  readonly metrics: () => Promise<MetricsPage> | null;
  /** Every dependency by name: `ok`, or in words what is wrong with it, without secrets. */
  readonly readiness: () => Promise<Readonly<Record<string, string>>>;
  readonly logger: Logger;
}

/** What the routes under /api need. */
export interface RouteDependencies {
  readonly context: QueueingContext & SealedFetchContext & ExportContext & ProofContext;
  readonly settings: ApiSettings;
}

/** Everything that the API needs from outside. */
export interface ApiDependencies extends OperationDependencies {
  /** Null in a process that serves health and metrics only. */
  readonly context: RouteDependencies['context'] | null;
  /** Opens pages about runs; null where none are shown. */
  readonly links: RunLinks | null;
  readonly settings: ApiSettings;
}

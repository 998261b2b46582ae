import type { Stage } from './stage.ts';

/** Something that happens, and all that people are to be told of it: nothing more. */
export interface Event {
  /** Milliseconds since the event before. */
  readonly after: number;
  readonly what: string;
  /** What is done; it may make ticks of its own. */
  readonly happens?: (stage: Stage) => unknown;
  /** Findings that begin by it, as `kind deployment`. */
  readonly fires?: readonly string[];
  /** Findings that end. */
  readonly ends?: readonly string[];
  /** Further steps of findings that go on. */
  readonly steps?: readonly string[];
  /** What is ordered of whoever blocks traffic. */
  readonly orders?: readonly string[];
  /** What Prometheus alerts of by the metrics, as long as nothing else is said. */
  readonly alarms?: readonly string[];
}

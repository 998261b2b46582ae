import type { CaseAnswer, CheckAudit, Outcome } from '../domain/index.ts';
import type { Field } from '../lib/index.ts';

/** A check in short. */
export interface CheckSummary {
  readonly name: string;
  readonly stage: string;
  readonly version: string;
  /** What a pass proves. */
  readonly proves: string;
  /** False for a script of the operator's. */
  readonly builtIn: boolean;
}

/** Everything that is known of a check. */
export interface CheckDescription extends CheckSummary {
  readonly doesNotProve: string;
  readonly readsArtifact: boolean;
  readonly evidence: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly description: string;
  }[];
  readonly parameters: readonly Field[];
  /** The operator's scripts that run under its name, pinned by digest; for a built-in check, by the formats they take. */
  readonly scripts: readonly {
    readonly file: string;
    readonly digest: string;
    readonly formats: readonly string[];
  }[];
  /** What a pass is evidence for, in the notation of each framework. */
  readonly frameworks: readonly { readonly title: string; readonly references: readonly string[] }[];
  /** Cases whose right answers are known. */
  readonly cases: readonly {
    readonly name: string;
    readonly expect: Outcome;
    readonly shows: string;
  }[];
}

/** Where the checks and their cases come from. */
export interface CheckToolsWish {
  /** The configuration; null takes ./countersign.yaml where there is one, else the built-in checks alone. */
  readonly configPath: string | null;
  /** Folders of known cases besides those of the product and the configuration. */
  readonly known: readonly string[];
}

/** What audits came to. */
export interface AuditedChecks {
  readonly audits: readonly CheckAudit[];
  /** The isolation in which the checks ran. */
  readonly isolation: string;
}

/** Told of each answer, and how many of all are given. */
export type OnAnswer = (answer: CaseAnswer, done: number, total: number) => void;

/** What is done with checks without a server; the composition root makes it. */
export interface CheckTools {
  /** In the order of the reference pipeline. */
  list(): readonly CheckSummary[];
  /** @throws CountersignError `not_found` */
  describe(name: string): Promise<CheckDescription>;
  /**
   * Holds checks against their cases; all checks where none is named.
   * @throws CountersignError `not_found`; `invalid_input` with every problem of the cases
   */
  audit(names: readonly string[], onAnswer: OnAnswer): Promise<AuditedChecks>;
}

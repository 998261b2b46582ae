import type { z } from 'zod';
import type { CheckReport, Digest } from '../domain/index.ts';

/** A file handed to a check: read-only, already re-hashed to `digest` by us. */
export interface CheckFile {
  readonly path: string;
  readonly digest: Digest;
}

/** A file of a directory, by its path from the directory down. */
export interface CheckMember extends CheckFile {
  readonly name: string;
}

/**
 * The artifact. Of a directory `digest` is that of the list of its files, `path` is where that list lies, and checks are given
 * the files themselves.
 */
export interface CheckArtifact extends CheckFile {
  readonly files?: readonly CheckMember[];
}

/** Most files of a directory that checks look at: each is let into a check's process by itself. */
export const MOST_MEMBERS = 1000;

/** Everything that a check may look at. There is no clock, network or environment beside it. */
export interface CheckInput<Parameters> {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly artifact: CheckArtifact;
  /** Evidence by name, as named in the check's `evidence`; absent names were not submitted. */
  readonly evidence: ReadonlyMap<string, CheckFile>;
  readonly parameters: Parameters;
  /** Names of the checks that passed in earlier stages of this run; a control may point at them. */
  readonly passedChecks: readonly string[];
  /** The time at which the run judges the evidence, RFC 3339 UTC. */
  readonly now: string;
}

/** An evidence name that a check reads. */
export interface EvidenceUse {
  /** The exact name, or a prefix followed by `*` for every evidence whose name starts so. */
  readonly name: string;
  /** Without it the check is `insufficient_evidence`. */
  readonly required: boolean;
  readonly description: string;
}

/** What is said about a check: enough to name it in a pipeline, to give it parameters and to describe it to people. */
export interface CheckDescription {
  readonly name: string;
  /** The stage that the check belongs to in the reference pipeline; also its folder. */
  readonly stage: string;
  /** Raised whenever the same input could give another result. Part of the run's key. */
  readonly version: string;
  /** What a pass proves, in one or two sentences. */
  readonly proves: string;
  /** What a pass does not prove. */
  readonly doesNotProve: string;
  readonly evidence: readonly EvidenceUse[];
  /** Parameters with defaults; keys in snake_case as in the pipeline file. */
  readonly parameters: z.ZodObject;
}

/** One built-in governance check: its metadata as fields, its behaviour as one function over files. */
export interface Check extends CheckDescription {
  /** Set where it opens the artifact: to all other checks its bytes are not there. */
  readonly readsArtifact?: true;
  /**
   * What a crash, an abort or a kill for too much time or memory amounts to. `errored` unless set; `failed` where the check
   * does nothing but let the artifact work on inputs, so that its end is the artifact's doing.
   */
  readonly onCrash?: 'failed';
  /** Whether these parameters make it open connections; its process has no network otherwise. */
  needsNetwork?(parameters: unknown): boolean;
  /**
   * Checks without which a pass with these parameters says less than it seems to: each must be in a required stage of
   * the same pipeline, or the pipeline does not count.
   */
  reliesOn?(parameters: unknown): readonly string[];
  run(input: CheckInput<unknown>): Promise<CheckReport>;
}

/** A check as its author writes it: `run` gets its parameters parsed. */
export interface CheckDefinition<Schema extends z.ZodObject>
  extends Omit<Check, 'run' | 'parameters' | 'needsNetwork' | 'reliesOn'> {
  readonly parameters: Schema;
  needsNetwork?(parameters: z.output<Schema>): boolean;
  reliesOn?(parameters: z.output<Schema>): readonly string[];
  run(input: CheckInput<z.output<Schema>>): Promise<CheckReport>;
}

/** Makes a check from its definition, so that the registry can hold checks of any parameters. */
export function defineCheck<Schema extends z.ZodObject>(definition: CheckDefinition<Schema>): Check {
  const { needsNetwork, reliesOn, run, ...rest } = definition;
  const parsed = (parameters: unknown) => definition.parameters.parse(parameters);
  return {
    ...rest,
    ...(needsNetwork && { needsNetwork: (parameters: unknown) => needsNetwork(parsed(parameters)) }),
    ...(reliesOn && { reliesOn: (parameters: unknown) => reliesOn(parsed(parameters)) }),
    run: (input) => run({ ...input, parameters: parsed(input.parameters) }),
  };
}

/** Whether a check may read an evidence of that name. */
export function readsEvidence(
  { evidence }: Pick<CheckDescription, 'evidence'>,
  evidenceName: string,
): boolean {
  return evidence.some(({ name }) =>
    name.endsWith('*') ? evidenceName.startsWith(name.slice(0, -1)) : evidenceName === name,
  );
}

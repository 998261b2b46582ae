import { type Digest, digestOfJson, hexOf } from '../../domain/index.ts';
import type { CheckDescription, EvidenceUse } from '../contract.ts';
import { type ParameterDeclarations, parameterSchema } from './parameters.ts';

/** A script that the operator installed: which bytes of which file are run, by what. */
export interface Script {
  /** Folder that holds it, absolute. */
  readonly directory: string;
  /** Its name in the folder. */
  readonly file: string;
  /** The digest to which it is pinned. */
  readonly digest: Digest;
  /** The program that runs it, absolute; null where its ending or first line says which. */
  readonly interpreter: string | null;
  /** Folders that it may read beside those of the system, absolute. */
  readonly libraries: readonly string[];
  /** Whether it is not run at all where there is no bubblewrap. */
  readonly needsBubblewrap: boolean;
}

/** A check that is a script of the operator's. */
export interface ScriptCheck extends CheckDescription {
  readonly script: Script;
  /** Formats of artifacts for which it takes the place of the built-in check of its name; null where it is a check of its own. */
  readonly formats: readonly string[] | null;
}

/** What an operator says about a script. */
export interface ScriptDefinition extends Omit<CheckDescription, 'parameters' | 'evidence'> {
  readonly evidence: readonly EvidenceUse[];
  readonly parameters: ParameterDeclarations;
  readonly formats: readonly string[] | null;
  readonly script: Script;
}

/**
 * A check from what its operator says about it. Its version holds a digest of everything that could change its result:
 * the script's bytes, what it reads, its parameters' defaults and what runs it. Another script makes another run.
 */
export function defineScript({ parameters, ...definition }: ScriptDefinition): ScriptCheck {
  const { evidence, script, version } = definition;
  const { digest, interpreter } = script;
  const decisive = {
    digest,
    interpreter,
    parameters,
    evidence: evidence.map(({ name, required }) => ({ name, required })),
  };
  const suffix = hexOf(digestOfJson(decisive)).slice(0, 16);
  return { ...definition, parameters: parameterSchema(parameters), version: `${version}+${suffix}` };
}

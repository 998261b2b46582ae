import type { CheckProblem } from '../../domain/index.ts';
import type { Json } from '../../lib/index.ts';
import type { CheckMember } from '../contract.ts';
import type { ArtifactFormat } from './formats.ts';

/** What a scan of an artifact found. It may be loaded only if `problems` is empty. */
export interface ScanReport {
  /** What it is, by its bytes. */
  readonly format: ArtifactFormat | 'directory';
  /** Its size, with all its files. */
  readonly bytes: number;
  /** Everything that speaks against loading it; of a directory each names the file. */
  readonly problems: readonly CheckProblem[];
  /** Globals that its pickles name, as `module name`. */
  readonly globals: readonly string[];
  /** Numbers and lists of what is in it, for the evidence. */
  readonly details: { readonly [key: string]: Json };
  /** The files of a directory, each with its format; none of a file. */
  readonly files: readonly ScannedMember[];
}

/** What lies beside a model: settings and words, SentencePiece's words, and numbers that a model says are its own. */
export type CompanionFormat = 'text' | 'vocabulary' | 'weights';

/** A file of a directory and what it is. */
export interface ScannedMember extends CheckMember {
  readonly format: ArtifactFormat | CompanionFormat;
}

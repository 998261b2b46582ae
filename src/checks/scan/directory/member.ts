import { posix } from 'node:path';
import type { CheckProblem } from '../../../domain/index.ts';
import type { CheckMember } from '../../contract.ts';
import { type Beside, fault } from '../finding.ts';
import type { ScanPolicy } from '../policy.ts';
import type { ScannedMember } from '../report.ts';
import { scanSource } from '../scan.ts';
import { withFile } from '../source.ts';
import { withinFile } from './place.ts';
import { textProblems } from './text.ts';
import { isVocabulary } from './vocabulary.ts';

/** A file of a directory, and what was found in it alone. */
export interface MemberScan {
  readonly member: ScannedMember;
  readonly bytes: number;
  /** Why its format is not allowed. */
  readonly misfit: readonly CheckProblem[];
  readonly problems: readonly CheckProblem[];
  readonly globals: readonly string[];
  /** Names of files of the directory that hold its numbers. */
  readonly data: readonly string[];
}

/** Names under which a file is code to whoever finds it, whatever its bytes. */
const CODE =
  /\.(?:py[cdiowx]?|ipynb|so(?:\.\d+)*|dll|dylib|exe|com|bat|cmd|ps1|sh|bash|zsh|js|mjs|cjs|ts|jar|class|wasm|rb|pl|lua|php)$/i;
const SAVED_MODEL_DATA = /^(?:variables\/variables\.(?:index|data-\d+-of-\d+)|fingerprint\.pb)$/;

/** Looks at one file of a directory. */
export async function scanMember(
  file: CheckMember,
  bytesOf: ReadonlyMap<string, number>,
  policy: ScanPolicy,
): Promise<MemberScan> {
  const folder = posix.dirname(file.name);
  const named = (path: string) => posix.normalize(posix.join(folder, path));
  const beside: Beside = (path) => bytesOf.get(named(path));
  return withFile(file, async (source) => {
    const { format, misfit, problems, globals, data, bytes } = await scanSource(source, policy, beside);
    const text = format === 'unknown' ? textProblems(source, policy.allowedGlobals) : null;
    const companion =
      text !== null ? 'text' : format === 'unknown' && isVocabulary(source) ? 'vocabulary' : null;
    // An empty file is nothing that could be loaded.
    const fits = format === 'empty' || companion !== null;
    const found = (each: CheckProblem) => withinFile(file.name, each);
    return {
      member: { ...file, format: companion ?? format },
      bytes,
      misfit: fits ? [] : misfit.map(found),
      problems: [...problems, ...(text ?? []), ...codeProblems(file.name)].map(found),
      globals,
      data: format === 'saved_model' ? variablesIn(folder, bytesOf) : data.map(named),
    };
  });
}

function codeProblems(name: string): CheckProblem[] {
  if (!CODE.test(name)) return [];
  return [fault(undefined, 'is code by its name', 'take it out: a model is data alone')];
}

/** What TensorFlow writes beside a graph. */
function variablesIn(folder: string, bytesOf: ReadonlyMap<string, number>): string[] {
  return [...bytesOf.keys()].filter((name) => SAVED_MODEL_DATA.test(posix.relative(folder, name)));
}

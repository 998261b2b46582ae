import type { CheckProblem } from '../../domain/index.ts';
import type { Json } from '../../lib/index.ts';
import { problem } from '../report.ts';

/** What a look into one format found: nothing against it when there are no problems. */
export interface Findings {
  readonly problems: readonly CheckProblem[];
  /** Globals that its pickles name. */
  readonly globals?: readonly string[];
  /** Numbers and lists of what is in it, for the evidence. */
  readonly details?: { readonly [key: string]: Json };
  /** Files beside it that hold its numbers, by the path from its own folder. */
  readonly data?: readonly string[];
}

/** Bytes of a file of the same directory, by its path from the folder of the file that is looked at. */
export type Beside = (path: string) => number | undefined;

/** Where a problem of the artifact is: the artifact, and a place in it. */
function inArtifact(place?: string): string {
  return place === undefined ? 'artifact' : `artifact: ${place}`;
}

/** What helps where bytes are not as their format has them. */
const SAVE_AGAIN = 'save the model again with the library that made it, and submit that file';

/** A problem at a place of the artifact; unless told otherwise the file is damaged, and has to be written anew. */
export function fault(place: string | undefined, message: string, remedy = SAVE_AGAIN): CheckProblem {
  return problem(inArtifact(place), message, remedy);
}

/** Findings of one problem. */
export function refused(place: string | undefined, message: string, remedy = SAVE_AGAIN): Findings {
  return { problems: [fault(place, message, remedy)] };
}

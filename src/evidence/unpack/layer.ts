import { CountersignError } from '../../domain/index.ts';
import { foldersOf, type LayerChange, named, type Whiteout } from './overlay.ts';

/** Most folders in each other: what takes a step for each of them must come to an end soon. */
const DEEPEST = 64;
/** Most letters of all paths of a layer together. */
const MOST_LETTERS = 4 * 1024 * 1024;

/** What a layer is found to hold, entry by entry; what later entries would undo of earlier ones is refused. */
export class Layer<File> implements LayerChange<File> {
  readonly files = new Map<string, File>();
  readonly folders = new Set<string>();
  readonly removed = new Set<string>();
  readonly emptied = new Set<string>();
  /** Paths of files and folders, and of all that they lie in. */
  readonly #taken = new Set<string>();
  #letters = 0;

  /** @throws CountersignError `invalid_input` for a path that the layer has otherwise, or that is too deep; `too_large` for too many */
  addFolder(path: string): void {
    this.#hold(path);
    this.#require(!this.files.has(path), path);
    this.#take(path);
    this.folders.add(path);
  }

  /** Readies a path for a file. @throws CountersignError as for a folder */
  reserve(path: string): void {
    this.#hold(path);
    this.#require(!this.#taken.has(path), path);
    this.#take(path);
  }

  /** @throws CountersignError `invalid_input` where something of this layer is there: some runtimes would remove that */
  addWhiteout(whiteout: Whiteout): void {
    this.#hold('emptied' in whiteout ? whiteout.emptied : whiteout.removed);
    if ('emptied' in whiteout) {
      this.emptied.add(whiteout.emptied);
      return;
    }
    const { removed } = whiteout;
    if (this.#taken.has(removed))
      throw new CountersignError(
        'invalid_input',
        `the archive removes ${named(removed || '/')} after it holds it`,
      );
    this.removed.add(removed);
  }

  /** Each path costs memory and steps until the layer is laid over the others. */
  #hold(path: string): void {
    this.#letters += path.length;
    if (this.#letters > MOST_LETTERS)
      throw new CountersignError('too_large', `the names in a layer have more than ${MOST_LETTERS} letters`);
    if (foldersOf(path).length > DEEPEST)
      throw new CountersignError(
        'invalid_input',
        `the archive holds ${named(path)}, more than ${DEEPEST} folders deep`,
      );
  }

  #require(isFree: boolean, path: string): void {
    if (isFree && !foldersOf(path).some((folder) => this.files.has(folder))) return;
    throw new CountersignError('invalid_input', `the archive holds ${named(path)} twice`);
  }

  #take(path: string): void {
    for (const part of [path, ...foldersOf(path)]) this.#taken.add(part);
  }
}

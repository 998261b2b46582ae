import { CountersignError } from '../../domain/index.ts';
import { foldersOf, type LayerChange, named, type Whiteout } from './overlay.ts';

/** What a layer is found to hold, entry by entry; what later entries would undo of earlier ones is refused. */
export class Layer<File> implements LayerChange<File> {
  readonly files = new Map<string, File>();
  readonly folders = new Set<string>();
  readonly removed = new Set<string>();
  readonly emptied = new Set<string>();
  /** Paths of files and folders, and of all that they lie in. */
  readonly #taken = new Set<string>();

  /** @throws CountersignError `invalid_input` for a path that the layer has otherwise */
  addFolder(path: string): void {
    this.#require(!this.files.has(path), path);
    this.#take(path);
    this.folders.add(path);
  }

  /** Readies a path for a file. @throws CountersignError `invalid_input` for one that the layer has already */
  reserve(path: string): void {
    this.#require(!this.#taken.has(path), path);
    this.#take(path);
  }

  /** @throws CountersignError `invalid_input` where something of this layer is there: some runtimes would remove that */
  addWhiteout(whiteout: Whiteout): void {
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

  #require(isFree: boolean, path: string): void {
    if (isFree && !foldersOf(path).some((folder) => this.files.has(folder))) return;
    throw new CountersignError('invalid_input', `the archive holds ${named(path)} twice`);
  }

  #take(path: string): void {
    for (const part of [path, ...foldersOf(path)]) this.#taken.add(part);
  }
}

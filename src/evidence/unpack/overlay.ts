import { CountersignError } from '../../domain/index.ts';

/** What a layer does to the files of those below it. */
export interface LayerChange<File> {
  /** Files by their path. */
  readonly files: ReadonlyMap<string, File>;
  readonly folders: ReadonlySet<string>;
  /** Paths that are there no more, with what is below them. */
  readonly removed: ReadonlySet<string>;
  /** Folders of which nothing of the layers below is left. */
  readonly emptied: ReadonlySet<string>;
}

/** What the name of an entry says is gone of the layers below: a path with all below it, or all in a folder. */
export type Whiteout = { readonly removed: string } | { readonly emptied: string };

/** Most characters of a path, as on Linux. */
export const LONGEST_PATH = 4096;

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/**
 * Files of the layers below with a layer laid over them, as container runtimes do; those below themselves where it changes none.
 *
 * @throws CountersignError `invalid_input` for a layer with files below a path that is a file: some runtimes make a folder of it
 */
export function overlay<File>(
  below: Map<string, File>,
  { files, folders, removed, emptied }: LayerChange<File>,
): Map<string, File> {
  if (files.size + folders.size + removed.size + emptied.size === 0) return below;
  const hides = (folder: string) => removed.has(folder) || emptied.has(folder) || files.has(folder);
  const stays = (path: string) => !removed.has(path) && !folders.has(path) && !foldersOf(path).some(hides);
  const staying = [...below].filter(([path]) => stays(path));
  const above = new Set([...files.keys(), ...folders].flatMap(foldersOf));
  const [clash] = staying.find(([path]) => above.has(path)) ?? [];
  if (clash === undefined) return new Map([...staying, ...files]);
  throw new CountersignError(
    'invalid_input',
    `a layer holds something in ${named(clash)}, which is a file of a layer below it: remove that first, by a whiteout or a folder of its name`,
  );
}

/** The folders that a path lies in, the top of all among them. */
export function foldersOf(path: string): string[] {
  const folders = [''];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}

/** The whiteout that an entry is by its name, whatever its kind; null for any other. @throws CountersignError `invalid_input` */
export function whiteoutOf(path: string): Whiteout | null {
  const [folder, name] = [path.split('/').slice(0, -1).join('/'), path.split('/').at(-1) ?? ''];
  if (!name.startsWith(WHITEOUT)) return null;
  if (name === OPAQUE) return { emptied: folder };
  const hidden = name.slice(WHITEOUT.length);
  if (['', '.', '..'].includes(hidden))
    throw new CountersignError('invalid_input', `the archive holds ${named(path)}, which removes no name`);
  return { removed: folder === '' ? hidden : `${folder}/${hidden}` };
}

/** A whiteout as seen from a folder, all of which one beside or above it may take away; null for one that does not reach it. */
export function whiteoutIn(within: string, whiteout: Whiteout): Whiteout | null {
  const gone = 'removed' in whiteout ? whiteout.removed : whiteout.emptied;
  const isAll = gone === within || foldersOf(within).includes(gone);
  if (!isAll && !gone.startsWith(`${within}/`)) return null;
  const path = isAll ? '' : gone.slice(within.length + 1);
  return 'removed' in whiteout ? { removed: path } : { emptied: path };
}

/**
 * The path of an entry from the top down; empty for the top itself.
 *
 * @throws CountersignError `invalid_input` for one that leaves the archive, or could be taken for another
 */
export function pathOf(name: string): string {
  if (name.length > LONGEST_PATH)
    throw new CountersignError('invalid_input', `the archive holds ${named(name)}, which is too long a path`);
  const path = name.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  if (path === '' || path === '.') return '';
  if (!path.split('/').some((part) => part === '' || part === '.' || part === '..')) return path;
  throw new CountersignError('invalid_input', `the archive holds ${named(name)}, which is no path within it`);
}

/** The name of an entry, for a message. */
export function named(name: string): string {
  return JSON.stringify(name.replace(/\p{C}+/gu, ' ').slice(0, 200));
}

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

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** Files of the layers below with a layer laid over them, as container runtimes do. */
export function overlay<File>(
  below: ReadonlyMap<string, File>,
  { files, folders, removed, emptied }: LayerChange<File>,
): Map<string, File> {
  const stays = (path: string) => {
    const above = foldersOf(path);
    const gone = removed.has(path) || above.some((folder) => removed.has(folder) || emptied.has(folder));
    return !gone && !folders.has(path) && !above.some((folder) => files.has(folder));
  };
  return new Map([...[...below].filter(([path]) => stays(path)), ...files]);
}

/** The folders that a path lies in, the top of all among them. */
export function foldersOf(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, depth) => parts.slice(0, depth).join('/'));
}

/** What the name of an entry says that is no file: that something of the layers below is gone; null for a name of its own. */
export function whiteoutOf(path: string): { readonly removed: string } | { readonly emptied: string } | null {
  const [folder, name] = [path.split('/').slice(0, -1).join('/'), path.split('/').at(-1) ?? ''];
  if (!name.startsWith(WHITEOUT)) return null;
  if (name === OPAQUE) return { emptied: folder };
  const hidden = name.slice(WHITEOUT.length);
  return { removed: folder === '' ? hidden : `${folder}/${hidden}` };
}

/**
 * The path of an entry from the top down; empty for the top itself.
 *
 * @throws CountersignError `invalid_input` for one that leaves the archive, or could be taken for another
 */
export function pathOf(name: string): string {
  const path = name.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  if (path === '' || path === '.') return '';
  if (!path.split('/').some((part) => part === '' || part === '.' || part === '..')) return path;
  throw new CountersignError('invalid_input', `the archive holds ${named(name)}, which is no path within it`);
}

/** The name of an entry, for a message. */
export function named(name: string): string {
  return JSON.stringify(name.replace(/\p{C}+/gu, ' ').slice(0, 200));
}

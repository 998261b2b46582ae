/**
 * How a route matches paths: `prefix` compares whole segments, `characters` is a prefix that does not, `opaque` is a
 * pattern that is not evaluated.
 */
export interface PathMatch {
  readonly type: 'exact' | 'prefix' | 'characters' | 'opaque';
  readonly value: string;
}

/** What serves: every path below the root. */
export const ANY_PATH: PathMatch = { type: 'prefix', value: '/' };

/**
 * Whether a host pattern of a route covers a host: the same, `*.example.com` for names below it, or `*` for all.
 * Of two patterns, whether they can mean a common host.
 */
export function hostsMeet(pattern: string, host: string): boolean {
  const [one, other] = [pattern, host].map((name) => name.toLowerCase().replace(/\.$/, ''));
  if (one === undefined || other === undefined) return false;
  if (one === other || one === '*' || other === '*') return true;
  if (one.startsWith('*.')) return other.endsWith(one.slice(1));
  return other.startsWith('*.') && one.endsWith(other.slice(1));
}

/** Whether a set of host patterns covers a host; no pattern at all covers every host. */
export function coversHost(patterns: readonly string[], host: string): boolean {
  return patterns.length === 0 || patterns.some((pattern) => hostsMeet(pattern, host));
}

/** How exactly the patterns name the host: the larger, the earlier it is chosen; -1 where they do not. */
export function hostRank(patterns: readonly string[], host: string): number {
  if (patterns.length === 0) return 0;
  const ranks = patterns
    .filter((pattern) => hostsMeet(pattern, host))
    .map((pattern) => (pattern === '*' ? 0 : pattern.startsWith('*.') ? pattern.length : 10_000));
  return Math.max(-1, ...ranks);
}

/** How exactly a match names the path: the larger, the earlier it is chosen; -1 where it does not. */
export function pathRank({ type, value }: PathMatch, path: string): number {
  switch (type) {
    case 'exact':
      return value === path ? 100_000 : -1;
    case 'prefix':
      return isBelow(path, value) ? value.length : -1;
    case 'characters':
      return path.startsWith(value) ? value.length : -1;
    case 'opaque':
      return mayMatch(value, path) === false ? -1 : 0;
  }
}

/** `/a` and `/a/b` are below `/a`; `/ab` and `/a:predict` are not. */
function isBelow(path: string, prefix: string): boolean {
  const root = prefix.replace(/\/+$/, '');
  return path === root || path.startsWith(`${root}/`) || (root === '' && path.startsWith('/'));
}

/**
 * Whether a regular expression may match a path. Simple ones are tried, wherever in the path they match; of others
 * (groups, classes by brackets, long ones), which could take forever, undefined.
 */
export function mayMatch(pattern: string, path: string): boolean | undefined {
  const bare = pattern.replace(/^~/, '');
  if (
    bare.length > 100 ||
    path.length > 1000 ||
    !/^[\w\-./:^$*+?|]*(?:\\[.\-/][\w\-./:^$*+?|]*)*$/.test(bare)
  )
    return undefined;
  if ((bare.match(/[*+?]/g)?.length ?? 0) > 3) return undefined;
  try {
    return new RegExp(bare).test(path);
  } catch {
    return undefined;
  }
}

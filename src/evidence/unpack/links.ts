import { CountersignError } from '../../domain/index.ts';
import { foldersOf, LONGEST_PATH, named } from './overlay.ts';

/** Most places that are looked at for one entry; links that lead to links lead to more. */
const MOST_PLACES = 32;
/** Most letters of all links together. */
const MOST_LETTERS = 64 * 1024 * 1024;

/**
 * The links beside the models, of all layers so far. Of container runtimes some follow a link on an entry's way, and some put a
 * folder in its place: so both count as possible, and a link that was replaced counts on.
 */
export class Links {
  readonly #targets = new Map<string, Set<string>>();
  #letters = 0;

  /** Takes down a symbolic link. @throws CountersignError `invalid_input` for too many */
  add(path: string, target: string): void {
    for (const place of this.places(path)) {
      const from = target.startsWith('/') ? target : `${place.split('/').slice(0, -1).join('/')}/${target}`;
      this.#letters += place.length + from.length;
      if (this.#letters > MOST_LETTERS)
        throw new CountersignError('invalid_input', 'the layers hold too many links');
      this.#targets.set(place, (this.#targets.get(place) ?? new Set()).add(from));
    }
  }

  /** Takes down a hard link, which matters where its target is a symbolic one. */
  addHard(path: string, target: string): void {
    const isLink = this.places(tidy(target.split('/'))).some((place) => this.#targets.has(place));
    if (isLink) this.add(path, `/${target}`);
  }

  /** Every path that an entry may come to lie at, its own among them. @throws CountersignError `invalid_input` for too many */
  places(path: string): string[] {
    const found = new Set([path]);
    // What is added meanwhile is looked at too.
    for (const place of found) {
      if (found.size > MOST_PLACES || place.length > LONGEST_PATH)
        throw new CountersignError(
          'invalid_input',
          `the archive holds ${named(path)}, on whose way are more links than are followed: name it by its own path`,
        );
      for (const next of this.#next(place)) found.add(next);
    }
    return [...found].filter((place) => !place.split('/').includes('..'));
  }

  /** Places one step on: a link on the way followed, or the first `..` taken for the folder above by name. */
  #next(place: string): string[] {
    const parts = place.split('/');
    const up = parts.indexOf('..');
    const above = up < 0 ? [] : [tidy([...parts.slice(0, up - 1), ...parts.slice(up + 1)])];
    const followed = foldersOf(place).flatMap((folder) =>
      [...(this.#targets.get(folder) ?? [])].map((target) =>
        tidy(`${target}${place.slice(folder.length)}`.split('/')),
      ),
    );
    return [...above, ...followed];
  }
}

/** Without empty parts, and never above the top. */
function tidy(parts: readonly string[]): string {
  const real = parts.filter((part) => part !== '' && part !== '.');
  const first = real.findIndex((part) => part !== '..');
  return first < 0 ? '' : real.slice(first).join('/');
}

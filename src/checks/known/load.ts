import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../lib/index.ts';
import { CASE_NAME } from './case-file.ts';
import type { CaseProblem, KnownCase, KnownCases } from './known-case.ts';
import { readCase } from './read-case.ts';

/**
 * Reads folders of cases, `<folder>/<check>/<good-…|bad-…>/case.yaml`. Never throws for what is in them: what cannot be
 * read is told as a problem, at file and line where it has one.
 */
export async function loadKnownCases(folders: readonly string[]): Promise<KnownCases> {
  const cases: KnownCase[] = [];
  const problems: CaseProblem[] = [];
  for (const folder of folders) {
    const checks = await subfolders(folder);
    if (checks === null) problems.push({ check: '', ...unreadable(folder) });
    for (const check of checks ?? []) {
      const found = await casesOf(join(folder, check), check);
      cases.push(...found.cases);
      problems.push(...found.problems.map((problem) => ({ check, ...problem })));
    }
  }
  return { cases, problems: [...problems, ...givenTwice(cases)] };
}

async function casesOf(folder: string, check: string) {
  const cases: KnownCase[] = [];
  const problems: Problem[] = [];
  for (const name of (await subfolders(folder)) ?? []) {
    if (!CASE_NAME.test(name)) {
      problems.push(badName(join(folder, name)));
      continue;
    }
    const read = await readCase(join(folder, name), { check, name });
    if (read.ok) cases.push(read.value);
    else problems.push(...read.problems);
  }
  return { cases, problems };
}

/** Names of the folders in a folder, sorted; null where it cannot be read. */
async function subfolders(folder: string): Promise<string[] | null> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => null);
  return (
    entries
      ?.filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort() ?? null
  );
}

function unreadable(folder: string): Problem {
  return {
    where: folder,
    message: 'this folder of known cases cannot be read',
    fix: 'name a folder that is there',
  };
}

function badName(folder: string): Problem {
  return {
    where: folder,
    message: 'the name does not say whether the check should pass the case',
    fix: 'call it good-<what> or bad-<why>, in a-z, 0-9 and -',
  };
}

function givenTwice(cases: readonly KnownCase[]): CaseProblem[] {
  const groups = Map.groupBy(cases, ({ check, name }) => `${check}/${name}`);
  return [...groups.values()].flatMap(([first, ...others]) =>
    others.map(({ check, file, name }) => ({
      check,
      where: file,
      message: `${first?.file} is called ${name} as well`,
      fix: 'give it another name, so that an audit can name it',
    })),
  );
}

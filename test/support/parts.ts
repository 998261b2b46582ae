import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

/** The programs that tests use where they are installed, each with its names and the Debian package that has it. */
const PARTS = {
  'redis-server': { programs: ['redis-server'], debianPackage: 'redis-server' },
  prometheus: { programs: ['prometheus'], debianPackage: 'prometheus' },
  promtool: { programs: ['promtool'], debianPackage: 'prometheus' },
  alertmanager: {
    programs: ['prometheus-alertmanager', 'alertmanager'],
    debianPackage: 'prometheus-alertmanager',
  },
  chromium: { programs: ['chromium', 'chromium-browser'], debianPackage: 'chromium' },
  bwrap: { programs: ['bwrap'], debianPackage: 'bubblewrap' },
  openssl: { programs: ['openssl'], debianPackage: 'openssl' },
  python3: { programs: ['python3'], debianPackage: 'python3' },
  'docker-registry': { programs: ['docker-registry'], debianPackage: 'docker-registry' },
  jq: { programs: ['jq'], debianPackage: 'jq' },
} as const;

/** A program from outside that a test needs. */
export type Part = keyof typeof PARTS;

/** Debian's administration programs stand in sbin, which an ordinary user's PATH leaves out. */
const FURTHER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of a part's program, or `null` where it is not installed. */
export function findPart(part: Part): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...FURTHER_FOLDERS];
  const candidates = PARTS[part].programs.flatMap((program) =>
    folders.map((folder) => join(folder, program)),
  );
  return candidates.find(isProgram) ?? null;
}

/**
 * The path of a part's program, for a test that cannot go on without it.
 *
 * @throws if it is not installed; the message says how to install it.
 */
export function requirePart(part: Part): string {
  const program = findPart(part);
  if (program === null) throw new Error(howToInstall(part));
  return program;
}

/** True where a missing part is a failure and not a reason to skip: CI sets COUNTERSIGN_REQUIRE_PARTS=1. */
export function partsAreRequired(): boolean {
  return process.env['COUNTERSIGN_REQUIRE_PARTS'] === '1';
}

/**
 * A `describe` whose tests need a part; `define` gets the path of its program. Where the part is missing the tests are
 * skipped and the run says so loudly, or fail if parts are required.
 */
export function describeWithPart(part: Part, name: string, define: (program: string) => void): void {
  const program = findPart(part);
  if (program !== null) {
    describe(name, () => define(program));
  } else if (partsAreRequired()) {
    describe(name, () => it(`has ${part}`, () => void requirePart(part)));
  } else {
    process.stderr.write(`\n*** SKIPPED: ${name}\n*** ${howToInstall(part)}\n\n`);
    describe.runIf(false)(name, () => it(`needs ${part}`, () => {}));
  }
}

/**
 * `describe` where a part is installed, and `describe.skip`, loudly, where it is not.
 *
 * @throws where a missing part is a failure.
 */
export function describeWhere(part: Part): typeof describe.skip {
  if (findPart(part) !== null) return describe;
  if (partsAreRequired()) throw new Error(howToInstall(part));
  process.stderr.write(`\n*** SKIPPED: tests that need ${part}\n*** ${howToInstall(part)}\n\n`);
  return describe.skip;
}

function howToInstall(part: Part): string {
  return `${part} is not installed. On Debian: apt-get install ${PARTS[part].debianPackage}`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

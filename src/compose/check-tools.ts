import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  auditChecks,
  BUILT_IN_CHECKS,
  type CatalogueEntry,
  type CheckCatalogue,
  createCheckRunner,
  type KnownCases,
  loadKnownCases,
  SHIPPED_CASES,
} from '../checks/index.ts';
import type { AuditedChecks, CheckTools, CheckToolsWish, OnAnswer } from '../cli/index.ts';
import { type Config, loadConfig, serviceEnvironment } from '../config/index.ts';
import { CountersignError, invalidInput } from '../domain/index.ts';
import type { Problem } from '../lib/index.ts';
import { catalogueOf, scriptDefinitionProblems } from './catalogue.ts';
import { openCheckRunner } from './check-runner.ts';
import { systemClock } from './clock.ts';
import { describeCheck, summaryOf } from './describe-check.ts';

/**
 * Opens the checks of a configuration; without one, the built-in checks. Nothing is started before an audit.
 * @throws CountersignError `invalid_input` for a faulty configuration
 */
export async function openCheckTools({ configPath, known }: CheckToolsWish): Promise<CheckTools> {
  const config = await configurationAt(configPath);
  const catalogue = config === null ? BUILT_IN_CHECKS : catalogueOf(config);
  const folders = [SHIPPED_CASES, ...(config?.knownCases ?? []), ...known.map((folder) => resolve(folder))];
  return {
    list: () => catalogue.entries.map(summaryOf),
    describe: async (name) => describeCheck(requireCheck(catalogue, name), await loadKnownCases(folders)),
    audit: async (names, onAnswer) => {
      const named = [...new Set(names)].map((name) => requireCheck(catalogue, name));
      const cases = await loadKnownCases(folders);
      const checks = named.length === 0 ? catalogue.entries : named;
      refuseProblems(cases, checks, named.length === 0);
      return audit({ config, catalogue, checks, cases, onAnswer });
    },
  };
}

interface Audit {
  readonly config: Config | null;
  readonly catalogue: CheckCatalogue;
  readonly checks: readonly CatalogueEntry[];
  readonly cases: KnownCases;
  readonly onAnswer: OnAnswer;
}

async function audit({ config, catalogue, checks, cases, onAnswer }: Audit): Promise<AuditedChecks> {
  await using opening = new AsyncDisposableStack();
  const runner =
    config === null
      ? createCheckRunner({ catalogue, cacheFolder: await temporaryFolder(opening) })
      : openCheckRunner(config, catalogue);
  opening.defer(() => runner.close());
  const total = cases.cases.filter(({ check }) => checks.some(({ name }) => name === check)).length;
  let done = 0;
  const audits = await auditChecks(runner, {
    checks,
    known: cases,
    auditedAt: systemClock.now(),
    concurrency: availableParallelism(),
    onAnswer: (_check, answer) => onAnswer(answer, ++done, total),
  });
  return { audits, isolation: (await runner.isolationInForce()).kind };
}

/** Compiled code is kept here for as long as the audit lasts: with it checks start about three times as fast. */
async function temporaryFolder(opening: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-audit-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const DEFAULT_CONFIG = 'countersign.yaml';

async function configurationAt(path: string | null): Promise<Config | null> {
  const environment = serviceEnvironment();
  const named = path ?? environment.configFile;
  if (named === null && !existsSync(DEFAULT_CONFIG)) return null;
  const config = await loadConfig(named ?? DEFAULT_CONFIG, environment);
  const problems = scriptDefinitionProblems(config);
  if (problems.length > 0) throw invalidInput(config.file, problems);
  return config;
}

function requireCheck(catalogue: CheckCatalogue, name: string): CatalogueEntry {
  const check = catalogue.find(name);
  if (check !== undefined) return check;
  throw new CountersignError('not_found', `there is no check ${JSON.stringify(name)}`, {
    problems: [
      {
        where: name,
        message: whatElse(catalogue, name),
        fix: 'countersign checks lists those that there are',
      },
    ],
  });
}

/** What somebody may have meant by a name that no check has: the checks of a stage, or names that share a word. */
function whatElse({ entries }: CheckCatalogue, name: string): string {
  const ofStage = entries.filter(({ stage }) => stage === name);
  if (ofStage.length > 0) return `it is a stage; its checks are ${namesOf(ofStage)}`;
  const words = name.toLowerCase().match(/[a-z]{4,}/g) ?? [];
  const near = entries.filter((entry) => words.some((word) => entry.name.includes(word)));
  return near.length > 0 ? `near it are ${namesOf(near)}` : 'no check has a name like it';
}

function namesOf(entries: readonly CatalogueEntry[]): string {
  return entries.map((entry) => entry.name).join(', ');
}

/** A case that cannot be read proves nothing, and neither does one of a check that does not exist. */
function refuseProblems(
  { cases, problems }: KnownCases,
  checks: readonly CatalogueEntry[],
  all: boolean,
): void {
  const names = new Set(checks.map(({ name }) => name));
  const concerning = problems.filter(({ check }) => all || check === '' || names.has(check));
  const stray = all ? cases.filter(({ check }) => !names.has(check)).map(strayCase) : [];
  const found = [...concerning.map(({ check: _check, ...problem }) => problem), ...stray];
  if (found.length > 0) throw invalidInput('a folder of known cases', found);
}

function strayCase({ file, check }: { readonly file: string; readonly check: string }): Problem {
  return {
    where: file,
    message: `there is no check ${JSON.stringify(check)}`,
    fix: 'name the folder like the check',
  };
}

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import {
  auditChecks,
  type Check,
  type CheckRunner,
  checkByName,
  checkNames,
  createCheckRunner,
  type KnownCases,
  loadKnownCases,
  mappingOf,
  SHIPPED_CASES,
} from '../checks/index.ts';
import type { CheckDescription, CheckSummary, CheckTools, CheckToolsWish } from '../cli/index.ts';
import { type Config, loadConfig, serviceEnvironment } from '../config/index.ts';
import { CountersignError, invalidInput } from '../domain/index.ts';
import { fieldsOf, type Problem } from '../lib/index.ts';
import { openCheckRunner } from './check-runner.ts';
import { systemClock } from './clock.ts';

/**
 * Opens the checks of a configuration; without one, the built-in checks. Nothing is started before an audit.
 * @throws CountersignError `invalid_input` for a faulty configuration
 */
export async function openCheckTools({ configPath, known }: CheckToolsWish): Promise<CheckTools> {
  const config = await configurationAt(configPath);
  const folders = [SHIPPED_CASES, ...(config?.knownCases ?? []), ...known.map((folder) => resolve(folder))];
  let runner: CheckRunner | null = null;
  return {
    list: () => checkNames().map((name) => summaryOf(requireCheck(name))),
    describe: async (name) => descriptionOf(requireCheck(name), await loadKnownCases(folders)),
    audit: async (names, onAnswer) => {
      const checks = (names.length === 0 ? checkNames() : [...new Set(names)]).map(requireCheck);
      const cases = await loadKnownCases(folders);
      refuseProblems(cases, checks, names.length === 0);
      runner ??= config === null ? createCheckRunner() : openCheckRunner(config);
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
    },
    close: async () => runner?.close(),
  };
}

const DEFAULT_CONFIG = 'countersign.yaml';

async function configurationAt(path: string | null): Promise<Config | null> {
  const environment = serviceEnvironment();
  const named = path ?? environment.configFile;
  if (named === null && !existsSync(DEFAULT_CONFIG)) return null;
  return loadConfig(named ?? DEFAULT_CONFIG, environment);
}

function requireCheck(name: string): Check {
  const check = checkByName(name);
  if (check !== undefined) return check;
  const message = `there is no check ${JSON.stringify(name)}`;
  throw new CountersignError('not_found', message, {
    problems: [
      { where: name, message: 'it is not known', fix: 'countersign checks lists those that there are' },
    ],
  });
}

/** A case that cannot be read proves nothing, and neither does one of a check that does not exist. */
function refuseProblems({ cases, problems }: KnownCases, checks: readonly Check[], all: boolean): void {
  const names = new Set(checks.map(({ name }) => name));
  const concerning = problems.filter(({ check }) => all || check === '' || names.has(check));
  const stray = all ? cases.filter(({ check }) => !names.has(check)).map(strayCase) : [];
  const found = [...concerning.map(({ check: _check, ...problem }) => problem), ...stray];
  if (found.length > 0) throw invalidInput('the known cases', found);
}

function strayCase({ file, check }: { readonly file: string; readonly check: string }): Problem {
  return {
    where: file,
    message: `there is no check ${JSON.stringify(check)}`,
    fix: 'name the folder like the check',
  };
}

function summaryOf({ name, stage, version, proves }: Check): CheckSummary {
  return { name, stage, version, proves };
}

function descriptionOf(check: Check, { cases }: KnownCases): CheckDescription {
  const own = cases.filter((known) => known.check === check.name);
  return {
    ...summaryOf(check),
    doesNotProve: check.doesNotProve,
    readsArtifact: check.readsArtifact === true,
    evidence: check.evidence,
    parameters: fieldsOf(check.parameters),
    frameworks: mappingOf(check.name).map(({ framework, references }) => ({
      title: framework.title,
      references,
    })),
    cases: own.map(({ name, expect, shows }) => ({ name, expect, shows })),
  };
}

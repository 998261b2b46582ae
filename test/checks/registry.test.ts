import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Check, checkByName, checkNames, readsEvidence } from '../../src/checks/index.ts';
import { DECISION_PARAMETERS } from './support/decisions.ts';
import { unsaid } from './support/remedies.ts';
import { runCheck } from './support/workspace.ts';

const CHECKS = join(import.meta.dirname, '../../src/checks');
const STAGES = [
  'data-provenance',
  'model-card',
  'bias-and-fairness',
  'safety-evaluation',
  'security-review',
  'risk-classification',
];
const snake = (name: string) => name.replaceAll('-', '_');

const checks: Check[] = checkNames().flatMap((name) => checkByName(name) ?? []);

/** Enough of every check's parameters to make it read its evidence. */
const READING = { ...DECISION_PARAMETERS, label: 'y', protected_attributes: ['a'] };
const parametersOf = (check: Check) =>
  Object.fromEntries(Object.entries(READING).filter(([key]) => Object.hasOwn(check.parameters.shape, key)));

/** An artifact without fault: a safetensors file of no tensors. */
const ARTIFACT = Buffer.concat([Buffer.of(8, 0, 0, 0, 0, 0, 0, 0), Buffer.from('{}      ')]);

const HOSTILE: Readonly<Record<string, string | Uint8Array>> = {
  nothing: '',
  'a NUL': '\0',
  'random bytes': new Uint8Array(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 251)),
  'brackets, 200,000 deep': '['.repeat(200_000),
  'objects, 200,000 deep': '{"a":'.repeat(200_000),
  'YAML sequences, 100,000 deep': '- '.repeat(100_000),
  'a YAML alias bomb': `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]},`.repeat(9)}]`).join('\n')}`,
  'a YAML tag': '!!js/function "function () { process.exit() }"',
  __proto__: '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '1e400': '{"bomFormat":"CycloneDX","specVersion":"1.6","version":1e400}',
  'Parquet garbage': `PAR1${'\x07'.repeat(500)}PAR1`,
  'CSV with SQL': `y,decision,"a""); DROP TABLE x; --"\n1,approved,x\n`,
  'a CycloneDX shell': '{"bomFormat":"CycloneDX","specVersion":"1.6"}',
  'ten thousand empty components': `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[${'{},'.repeat(9999)}{}]}`,
};

describe('the registry', () => {
  it.each(STAGES)('lists every file of src/checks/%s, and nothing else of that stage', async (stage) => {
    const files = await readdir(join(CHECKS, stage));
    const listed = checks.filter((check) => check.stage === snake(stage)).map(({ name }) => name);
    expect([...listed].sort()).toEqual(files.map((file) => snake(file.replace(/\.ts$/, ''))).sort());
  });

  it('has no other stages, and knows no inherited names', () => {
    expect(new Set(checks.map(({ stage }) => stage))).toEqual(new Set(STAGES.map(snake)));
    for (const name of ['constructor', '__proto__', 'toString', ''])
      expect(checkByName(name)).toBeUndefined();
  });

  it('loads neither DuckDB nor ajv for its metadata', async () => {
    const script = `
      const { registerHooks } = await import('node:module');
      const seen = [];
      registerHooks({ resolve(specifier, context, next) { const found = next(specifier, context); seen.push(found.url); return found; } });
      await import(${JSON.stringify(join(CHECKS, 'index.ts'))});
      console.log(JSON.stringify(seen.filter((url) => /node_modules\\/(@duckdb|ajv|@cyclonedx|jsonld|marked|luxon)/.test(url))), seen.length);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(stdout).toMatch(/^\[\] [1-9]/);
  });
});

describe.each(checks)('$name', (check) => {
  it('says what it is, what a pass proves and what not', () => {
    expect(check.name).toMatch(/^[a-z][a-z0-9_]+$/);
    expect(check.version).toMatch(/^\d+\.\d+\.\d+$/);
    for (const text of [check.proves, check.doesNotProve]) expect(text).toMatch(/^[A-Z].{30,}\.$/);
    expect(check.evidence.some(({ required }) => required)).toBe(true);
    for (const use of check.evidence) expect(use.description.length).toBeGreaterThan(10);
  });

  it('describes every parameter, has defaults for all, and refuses unknown ones', () => {
    for (const [key, schema] of Object.entries(check.parameters.shape)) {
      expect(key).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(schema.description, key).toBeTruthy();
    }
    expect(check.parameters.safeParse({}).success).toBe(true);
    expect(check.parameters.safeParse({ no_such_parameter: 1 }).success).toBe(false);
  });

  it('finds no evidence insufficient', async () => {
    const report = await runCheck(check.name, {}, { parameters: parametersOf(check), artifact: ARTIFACT });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toMatch(/submitted/);
    expect(unsaid(report)).toEqual([]);
  });

  it.each(Object.entries(HOSTILE))('neither throws nor passes on %s', async (_, content) => {
    const names = [...check.evidence.map(({ name }) => name.replace('*', 'x'))];
    expect(names.every((name) => readsEvidence(check, name))).toBe(true);
    const evidence = Object.fromEntries(names.map((name) => [name, content]));
    const report = await runCheck(check.name, evidence, {
      parameters: parametersOf(check),
      artifact: ARTIFACT,
    });
    expect(['failed', 'insufficient_evidence']).toContain(report.outcome);
    expect(report.problems.length).toBeLessThanOrEqual(101);
    expect(unsaid(report)).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

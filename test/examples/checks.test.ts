import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BUILT_IN_CHECKS, type CheckFile, checkByName, effectiveParameters } from '../../src/checks/index.ts';
import { type CheckReport, checkStages, digestOf, parsePipeline } from '../../src/domain/index.ts';

const FOLDER = join(import.meta.dirname, '../../examples/fraud-detection');
/** A day on which no document has expired. */
const NOW = '2026-11-23T12:00:00Z';

/** Runs every check of the example's pipeline on a version's evidence, past failures too; outcomes by check name. */
async function runChecks(version: string): Promise<Map<string, CheckReport>> {
  const text = readFileSync(join(FOLDER, 'governance-pipeline.yaml'), 'utf8');
  const pipeline = parsePipeline(text, 'governance-pipeline.yaml');
  if (!pipeline.ok) throw new Error(JSON.stringify(pipeline.problems));
  const reports = new Map<string, CheckReport>();
  for (const stage of checkStages(pipeline.value)) {
    const parameters = effectiveParameters(stage, BUILT_IN_CHECKS);
    if (!parameters.ok) throw new Error(JSON.stringify(parameters.problems));
    const passedChecks = [...reports]
      .filter(([, report]) => report.outcome === 'passed')
      .map(([name]) => name);
    for (const { name } of stage.checks) {
      const report = await checkByName(name)?.run({
        modelId: 'fraud-detection',
        modelVersion: version,
        artifact: fileAt(version, 'model.onnx'),
        evidence: evidenceOf(version),
        parameters: parameters.value.get(name),
        passedChecks,
        now: NOW,
      });
      if (report !== undefined) reports.set(name, report);
    }
  }
  return reports;
}

function fileAt(...names: string[]): CheckFile {
  const path = join(FOLDER, ...names);
  return { path, digest: digestOf(readFileSync(path)) };
}

function evidenceOf(version: string): Map<string, CheckFile> {
  const list = parse(readFileSync(join(FOLDER, version, 'evidence.yaml'), 'utf8')) as Record<string, string>;
  return new Map(Object.entries(list).map(([name, file]) => [name, fileAt(version, file)]));
}

describe('the checks on the example', () => {
  let reports: Record<string, Map<string, CheckReport>> = {};

  beforeAll(async () => {
    reports = { '4.1.2': await runChecks('4.1.2'), '4.2.0': await runChecks('4.2.0') };
  }, 60_000);

  const outcomesOf = (version: string) =>
    Object.fromEntries([...(reports[version] ?? [])].map(([name, report]) => [name, report.outcome]));

  it('pass, all ten, for 4.1.2', () => {
    const outcomes = Object.values(outcomesOf('4.1.2'));
    expect(outcomes, JSON.stringify([...(reports['4.1.2'] ?? [])])).toEqual(Array(10).fill('passed'));
  });

  it('pass the card of 4.2.0 and fail its bias', () => {
    expect(outcomesOf('4.2.0')).toMatchObject({
      model_card_schema_valid: 'passed',
      performance_metrics_populated: 'passed',
      failure_modes_documented: 'passed',
      security_properties_documented: 'passed',
      intended_use_defined: 'passed',
      demographic_parity_within_threshold: 'failed',
      equalised_odds_within_threshold: 'failed',
      disparate_impact_ratio_above_minimum: 'failed',
    });
  });

  it('name attribute, group, number and threshold when 4.2.0 fails', () => {
    const report = reports['4.2.0']?.get('disparate_impact_ratio_above_minimum');
    const told = JSON.stringify([report?.message, report?.problems]);
    for (const part of ['age_band', '18-25', '0.68', '0.8']) expect(told).toContain(part);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BUILT_IN_CHECKS, effectiveParameters } from '../../src/checks/index.ts';
import { checkParametersOf } from '../../src/compose/check-parameters.ts';
import { pipelineProblems } from '../../src/compose/pipelines.ts';
import { type Config, loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import { checkStages, withCheckParameters } from '../../src/domain/index.ts';

const PIPELINE = `stages:
  - name: bias_and_fairness
    checks:
      - demographic_parity_within_threshold
      - { name: disparate_impact_ratio_above_minimum, parameters: { min_ratio: 0.9 } }
    parameters: { max_difference: 0.05 }
  - name: risk_classification
    checks: [risk_tier_assigned]
`;

async function load(files: Readonly<Record<string, string>>): Promise<Config> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-parameters-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const all = { 'pipeline.yaml': PIPELINE, ...files };
  for (const [name, text] of Object.entries(all)) await writeFile(join(folder, name), text);
  return loadConfig(join(folder, 'countersign.yaml'), serviceEnvironment({}));
}

const configure = (parameters: string) =>
  load({
    'countersign.yaml': 'pipelines: [{ file: pipeline.yaml, parameters: parameters.yaml }]\n',
    'parameters.yaml': parameters,
  });

const problemsOf = async (parameters: string) =>
  pipelineProblems(await configure(parameters), BUILT_IN_CHECKS).map(
    ({ where, message }) => `${where} ${message}`,
  );

describe('a file of check parameters', () => {
  it("lies beneath the pipeline's own parameters, and changes no digest", async () => {
    const { pipelines } = await configure(`stages:
  bias_and_fairness: { max_difference: 0.5, outcome_name: hired, protected_attributes: [sex] }
checks:
  disparate_impact_ratio_above_minimum: { min_ratio: 0.1, max_ratio: 1.25 }
`);
    const [entry] = pipelines;
    if (entry === undefined) throw new Error('expected a pipeline');
    const configured = withCheckParameters(entry.pipeline, entry.parameters);
    expect(configured.digest).toBe(entry.pipeline.digest);
    const [stage] = checkStages(configured);
    const effective = stage && effectiveParameters(stage, BUILT_IN_CHECKS);
    expect(effective?.ok && Object.fromEntries(effective.value)).toEqual({
      demographic_parity_within_threshold: expect.objectContaining({
        max_difference: 0.05,
        protected_attributes: ['sex'],
      }),
      disparate_impact_ratio_above_minimum: expect.objectContaining({ min_ratio: 0.9, max_ratio: 1.25 }),
    });
  });

  it('is told of at the place of each value that no check takes, stage and check that the pipeline lacks', async () => {
    const problems = await problemsOf(`stages:
  bias_and_fairness: { colour: red, min_group_size: none }
  no_stage: {}
checks:
  disparate_impact_ratio_above_minimum:
    min_ratio: 0.1
    shade: dark
  model_card_schema_valid: {}
`);
    expect(problems).toEqual([
      'parameters.yaml:2:32 stage bias_and_fairness: no check of this stage knows this parameter',
      expect.stringMatching(/^parameters\.yaml:2:53 .*expected/),
      'parameters.yaml:7:12 stage bias_and_fairness: this check knows no such parameter',
      'parameters.yaml:3:13 stages.no_stage: pipeline.yaml has no stage of checks of that name',
      'parameters.yaml:8:28 checks.model_card_schema_valid: pipeline.yaml has no check of that name',
    ]);
  });

  it.each([
    ['stages: 3\n', /^parameters\.yaml:1:9 stages: /],
    ['stage: {}\n', /^parameters\.yaml:1:1 unknown key "stage"/],
    ['stages: {', /^parameters\.yaml:1/],
  ])('is refused when it is %j', async (text, expected) => {
    await expect(configure(text)).rejects.toMatchObject({
      problems: [{ where: expect.stringMatching(/^parameters\.yaml:1/) }],
    });
    const problems = await configure(text).catch((error) => error.problems);
    expect(`${problems[0].where} ${problems[0].message}`).toMatch(expected);
  });

  it('that is not there is told of where it is named', async () => {
    const text = 'pipelines:\n  - file: pipeline.yaml\n    parameters: gone.yaml\n';
    await expect(load({ 'countersign.yaml': text })).rejects.toMatchObject({
      problems: [
        {
          where: expect.stringMatching(/countersign\.yaml:3:17$/),
          message: 'pipelines[0].parameters: gone.yaml cannot be read (ENOENT)',
        },
      ],
    });
  });
});

describe('several entries of one pipeline', () => {
  const two = (first: string, second: string) =>
    load({
      'countersign.yaml': `pipelines:
  - { file: pipeline.yaml, models: ${first}, parameters: a.yaml }
  - { file: pipeline.yaml, models: ${second}, parameters: b.yaml }
`,
      'a.yaml': 'stages: { bias_and_fairness: { outcome_name: aye } }\n',
      'b.yaml': 'stages: { bias_and_fairness: { outcome_name: bee } }\n',
    });

  it('answer for the models that they name, by name before *', async () => {
    const { pipelines } = await two("['*']", '[churn]');
    const [digest] = pipelines.map(({ pipeline }) => pipeline.digest);
    if (digest === undefined) throw new Error('expected a pipeline');
    const nameFor = (model: string) =>
      checkParametersOf(pipelines)(digest, model).stages['bias_and_fairness']?.['outcome_name'];
    expect([nameFor('churn'), nameFor('fraud')]).toEqual(['bee', 'aye']);
    expect(pipelineProblems({ pipelines } as Config, BUILT_IN_CHECKS)).toEqual([]);
  });

  it('are refused when they tell one model two things', async () => {
    const { pipelines } = await two('[churn]', '[fraud, churn]');
    expect(pipelineProblems({ pipelines } as Config, BUILT_IN_CHECKS)).toEqual([
      {
        where: 'b.yaml',
        message: 'pipeline.yaml is registered twice for the model churn, with different parameters',
        fix: expect.stringContaining('same parameters'),
      },
    ]);
  });
});

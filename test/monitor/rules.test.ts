import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { describeWithPart } from '../support/parts.ts';
import { RULES, type Rule, readRules } from './rule-file.ts';

/** The four rules as the specification has them. */
const SPECIFIED: readonly Rule[] = [
  {
    alert: 'ModelMissingGovernanceRecord',
    expr: 'model_serving_active == 1\nunless on(model_id, model_version)\ngovernance_record_exists == 1\n',
    for: '5m',
    labels: { severity: 'critical' },
  },
  {
    alert: 'GovernanceRecordMismatch',
    expr: 'governance_model_hash != on(model_id, model_version) model_deployed_hash\n',
    for: '5m',
    labels: { severity: 'critical' },
  },
  {
    alert: 'GovernanceApprovalExpired',
    expr: '(time() - governance_approval_timestamp) > 7776000\n',
    for: '1h',
    labels: { severity: 'warning' },
  },
  {
    alert: 'GovernanceStageSkipped',
    expr: 'governance_required_stages_total - governance_completed_stages_total > 0\n',
    for: '5m',
    labels: { severity: 'critical' },
  },
];

it('the rules are those of the specification, unchanged', async () => {
  const { groups } = await readRules();
  expect(groups).toMatchObject([{ name: 'ai-governance', interval: '300s', rules: SPECIFIED }]);
  expect(groups[0]?.rules).toHaveLength(4);
});

describeWithPart('promtool', 'promtool', (promtool) => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(promtool, args, { env: {}, encoding: 'utf8' });
    return { status, output: `${stdout}${stderr}` };
  };

  it('finds nothing wrong with the rules', () => {
    expect(run('check', 'rules', RULES)).toEqual({
      status: 0,
      output: expect.stringContaining('4 rules found'),
    });
  });

  it('sees each alert fire after its time, and none when all is well', () => {
    expect(run('test', 'rules', RULES.replace('.yaml', '.test.yaml'))).toEqual({
      status: 0,
      output: expect.stringContaining('SUCCESS'),
    });
  });
});

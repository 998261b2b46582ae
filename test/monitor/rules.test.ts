import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeWithPart } from '../support/parts.ts';
import { ALERTS, RULES, type Rule, readRules, testsOf } from './rule-file.ts';

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

it('the canary is the rule about wrong bytes, for the one deployment that the rule leaves out', async () => {
  const rules = (await readRules(ALERTS)).groups.flatMap((group) => group.rules);
  const expressionOf = (name: string) => rules.find(({ alert }) => alert === name)?.expr;
  expect(expressionOf('GovernanceCanary')).toContain('{canary="1"}');
  expect(expressionOf('GovernanceCanary')).toBe(
    expressionOf('GovernanceHashMismatch')?.replaceAll('{canary=""}', '{canary="1"}'),
  );
});

it('each sturdier alert is seen to fire by a unit test', async () => {
  const { groups } = await readRules(ALERTS);
  const tests = await readFile(testsOf(ALERTS), 'utf8');
  const unseen = groups
    .flatMap(({ rules }) => rules.map(({ alert }) => alert))
    .filter((alert) => !tests.includes(`alertname="${alert}",alertstate="firing"`));
  expect(unseen).toEqual([]);
});

it('the Prometheus in containers loads both rule files', async () => {
  const file = fileURLToPath(new URL('../../deploy/prometheus/prometheus.yml', import.meta.url));
  const { rule_files } = parse(await readFile(file, 'utf8'));
  expect(rule_files).toEqual([RULES, ALERTS].map((rules) => `/etc/prometheus/${basename(rules)}`));
});

describeWithPart('promtool', 'promtool', (promtool) => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(promtool, args, { env: {}, encoding: 'utf8' });
    return { status, output: `${stdout}${stderr}` };
  };

  it.each([
    [RULES, 4],
    [ALERTS, 23],
  ])('finds nothing wrong with %s', (rules, count) => {
    expect(run('check', 'rules', rules)).toEqual({
      status: 0,
      output: expect.stringContaining(`${count} rules found`),
    });
  });

  it.each([RULES, ALERTS])(
    'sees each alert of %s fire after its time, and none when all is well',
    (rules) => {
      expect(run('test', 'rules', testsOf(rules))).toEqual({
        status: 0,
        output: expect.stringContaining('SUCCESS'),
      });
    },
  );
});

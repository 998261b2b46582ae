import { describe, expect, it } from 'vitest';
import { parsePipeline } from '../../../src/domain/index.ts';
import { problemsOf, withMore } from './problems-of.ts';

it('starts from a pipeline that is good', () => {
  expect(parsePipeline(withMore(''), 'p.yaml').ok).toBe(true);
});

describe('each kind of bad input is told with its line and column', () => {
  it.each<[string, string, string, RegExp]>([
    ['an unknown key', 'recrd_validity_days: 30', '4:1', /unknown key "recrd_validity_days"/],
    ['an unknown key of a stage', '    requird: true', '4:5', /stages\[0\]: unknown key "requird"/],
    [
      'an unknown key of a check',
      '  - name: b\n    checks: [{nme: x}]',
      '5:14',
      /check name.*object with name/,
    ],
    ['a name that is a number', '  - name: 12\n    checks: [b]', '4:11', /stages\[1\]\.name.*string/],
    ['a name in capitals', '  - name: Model_Card\n    checks: [b]', '4:11', /snake_case/],
    [
      'a check name with a path in it',
      '  - name: b\n    checks: [../x]',
      '5:14',
      /checks\[0\]: expected snake_case/,
    ],
    ['a missing name', '  - checks: [b]', '4:5', /stages\[1\]\.name: missing/],
    ['a stage that is a number', '  - 4', '4:5', /stages\[1\].*object/],
    ['no checks', '  - name: b\n    checks: []', '5:13', /stages\[1\]\.checks/],
    ['neither checks nor roles', '  - name: b', '4:5', /either checks or approval_roles/],
    [
      'both checks and roles',
      '  - name: b\n    checks: [b]\n    approval_roles: [r]',
      '4:5',
      /either checks or approval_roles/,
    ],
    ['a word for a truth value', '  - name: b\n    required: yes\n    checks: [b]', '5:15', /boolean/],
    ['text for a truth value', '  - name: b\n    blocking: "true"\n    checks: [b]', '5:15', /boolean/],
    [
      'required said twice over',
      '  - name: b\n    required: true\n    required_for_risk_tiers: [high_risk]\n    checks: [b]',
      '5:15',
      /not both/,
    ],
    [
      'an unknown tier',
      '  - name: b\n    required_for_risk_tiers: [high]\n    checks: [b]',
      '5:31',
      /high_risk, limited_risk or minimal_risk/,
    ],
    [
      'a cure for the prohibited',
      '  - name: b\n    required_for_risk_tiers: [prohibited]\n    checks: [b]',
      '5:31',
      /nothing cures prohibited/,
    ],
    [
      'no tier at all',
      '  - name: b\n    required_for_risk_tiers: []\n    checks: [b]',
      '5:30',
      /required_for_risk_tiers/,
    ],
    [
      'a stage named twice',
      '  - name: risk_classification\n    checks: [b]',
      '4:11',
      /"risk_classification" is named twice/,
    ],
    [
      'a check named twice',
      '  - name: b\n    checks: [c, risk_tier_assigned]',
      '5:17',
      /"risk_tier_assigned" is named twice/,
    ],
    ['a role named twice', '  - name: b\n    approval_roles: [r, r]', '5:21', /role is named twice/],
    ['a role in capitals', '  - name: b\n    approval_roles: [ML_LEAD]', '5:22', /snake_case/],
    [
      'approval before checks',
      '  - name: b\n    approval_roles: [r]\n  - name: c\n    checks: [d]',
      '4:5',
      /comes once, and last/,
    ],
    [
      'approval twice',
      '  - name: b\n    approval_roles: [r]\n  - name: c\n    approval_roles: [s]',
      '4:5',
      /comes once, and last/,
    ],
    ['no days of validity', 'record_validity_days: 0', '4:23', /record_validity_days/],
    ['half a day of validity', 'record_validity_days: 1.5', '4:23', /int/],
    ['a year and a day of validity', 'record_validity_days: 367', '4:23', /366/],
    ['no time to answer', 'approval: { sla_hours: 0 }', '4:24', /approval\.sla_hours/],
    ['endless time to answer', 'approval: { expires_after_hours: .inf }', '4:34', /expires_after_hours/],
    ['not a number', 'approval: { sla_hours: .nan }', '4:24', /sla_hours/],
    ['a parameter that JSON cannot carry', '    parameters: { x: .nan }', '4:22', /parameters\.x/],
    ['a duplicate key', '    checks: [b]', '4:5', /"checks" is there twice/],
    ['a tab', '\tx: 1', '4:1', /[Tt]ab/],
    ['an unclosed bracket', '  - name: b\n    checks: [b', '6:1', /./],
    ['a second document', '---\nstages: []', '4:1', /multiple documents/],
    ['a tag of its own', '    description: !secret x', '4:18', /tag/],
    ['an anchor', '    description: &a x', '4:21', /anchors are not allowed/],
    ['an alias', '    description: *a', '4:18', /./],
    ['a key that is a map', '? {a: 1}\n: x', '4:3', /plain text/],
    ['a key named __proto__', '    parameters: { __proto__: { x: 1 } }', '4:19', /__proto__/],
    ['a merge key', '<<: { record_validity_days: 30 }', '4:1', /unknown key "<<"/],
  ])('%s', (_what, more, place, message) => {
    const problems = problemsOf(withMore(`${more}\n`));
    const told = problems.find(({ where }) => where === `p.yaml:${place}`);
    expect(told?.message, JSON.stringify(problems)).toMatch(message);
  });

  it.each([
    ['nothing', ''],
    ['a text', 'stages'],
    ['a list', '- name: x'],
    ['a number', '7'],
    ['null', 'null'],
    ['no stages', 'stages: []'],
    ['stages that are a map', 'stages: { name: x }'],
    ['too many stages', `stages:\n${'  - { name: x, checks: [y] }\n'.repeat(65)}`],
    ['bytes that are no text', '\u0000\u0001'],
    ['YAML 1.1', '%YAML 1.1\n---\nstages: []'],
  ])('a file of %s', (_what, text) => {
    for (const { where, message } of problemsOf(text)) {
      expect(where).toMatch(/^p\.yaml:\d+:\d+$/);
      expect(message).not.toBe('');
    }
  });

  it('a tier-dependent stage where nothing establishes the tier', () => {
    const stage = '  - name: b\n    required_for_risk_tiers: [high_risk]\n    approval_roles: [r]';
    for (const first of ['checks: [other_check]', 'required: false\n    checks: [risk_tier_assigned]']) {
      const [problem] = problemsOf(`stages:\n  - name: a\n    ${first}\n${stage}`);
      expect(problem?.message).toMatch(/risk_tier_assigned, so the tier would be unknown/);
    }
  });
});

describe('problems', () => {
  it('are all told at once, those of fields and those of the whole', () => {
    const text = `record_validity_days: 0
colour: green
stages:
  - name: One
    checks: [a]
  - name: two
    required: maybe
    checks: [a, B C]
  - name: three
    checks: [c, c]
  - name: three
`;
    const places = problemsOf(text).map(({ where }) => where.replace('p.yaml:', ''));
    expect(places.sort()).toEqual(['1:23', '2:1', '4:11', '7:15', '8:17', '10:17', '11:5', '11:11'].sort());
  });

  it('say how to write a version that YAML takes for a number', () => {
    const [problem] = problemsOf('stages:\n  - name: 1.10\n    checks: [a]');
    expect(problem).toMatchObject({
      where: 'p.yaml:2:11',
      fix: 'quote it, so that YAML does not read a number',
    });
  });

  it('name the file that they are in', () => {
    const result = parsePipeline('x: 1', 'examples/governance-pipeline.yaml');
    expect(result.ok || result.problems[0]?.where).toBe('examples/governance-pipeline.yaml:1:1');
  });

  it('are a readable number in no long time, however many there are', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => `key${index}: 1`).join('\n');
    const problems = problemsOf(withMore(many));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.message).toBe('and 49900 more problems');
  });
});

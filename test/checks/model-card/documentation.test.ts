import { describe, expect, it } from 'vitest';
import { CONSIDERATIONS, card, SECURITY } from '../support/card.ts';
import { HIGH_RISK, MINIMAL } from '../support/questionnaire.ts';
import { problemsOf, runCheck } from '../support/workspace.ts';

describe('failure_modes_documented', () => {
  const run = (technicalLimitations: readonly string[], parameters: object = {}, more: object = {}) =>
    runCheck(
      'failure_modes_documented',
      { model_card: card({ considerations: { technicalLimitations } }), ...more },
      { parameters: { ...parameters } },
    );
  const [complete = ''] = CONSIDERATIONS.technicalLimitations;
  const prose = 'When: the merchant is new; Effect: fraud is missed more often';

  it('passes a limitation with all four parts, in any order and on lines of their own', async () => {
    const lines =
      'Severity: high\nMitigation: a rule limits amounts\nWhen: the merchant is new\nEffect: fraud is missed';
    const report = await run([complete, lines]);
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
    expect(report.details['failure_modes']).toContainEqual({
      when: 'the merchant is new',
      effect: 'fraud is missed',
      severity: 'high',
      mitigation: 'a rule limits amounts',
    });
  });

  it.each([
    ['none', [], 'the card documents no failure mode'],
    ['a placeholder', ['TBD'], 'the limitation is a filler'],
    ['prose without severity', [complete, prose], 'does not state its severity, mitigation'],
    ['a severity of its own', [complete.replace('medium', 'so-so')], 'severity is not one of'],
    [
      'a mitigation to be written',
      [complete.replace(/Mitigation: .*/, 'Mitigation: TBD')],
      'holds a note to be filled in',
    ],
  ])('fails on %s', async (_, limitations, message) => {
    const report = await run(limitations);
    expect(report.outcome).toBe('failed');
    expect(report.message + problemsOf(report)).toContain(message);
  });

  it('asks for less below high risk, but still for a condition and its effect', async () => {
    const minimal = { risk_questionnaire: MINIMAL };
    expect((await run([prose], {}, minimal)).outcome).toBe('passed');
    expect((await run([prose], {}, { risk_questionnaire: HIGH_RISK })).outcome).toBe('failed');
    expect((await run([prose], { require_severity: 'always' }, minimal)).outcome).toBe('failed');
    expect((await run(['The model is not perfect, as nothing is.'], {}, minimal)).message).toContain(
      'no limitation says when the model fails',
    );
  });

  it('takes an unreadable questionnaire for high risk', async () => {
    expect((await run([prose], {}, { risk_questionnaire: 'a: [' })).outcome).toBe('failed');
  });
});

describe('security_properties_documented', () => {
  const run = (properties: readonly object[], parts: object = {}) =>
    runCheck('security_properties_documented', { model_card: card({ properties, ...parts }) });
  const without = (key: string) => SECURITY.filter(({ name }) => !name.endsWith(key));
  const replaced = (key: string, value: string) => [
    ...without(key),
    { name: `countersign:security:${key}`, value },
  ];

  it('passes when every topic says something', async () => {
    const report = await run(SECURITY);
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
  });

  it.each(SECURITY.map(({ name }) => name))('fails without %s', async (name) => {
    const report = await run(SECURITY.filter((property) => property.name !== name));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(`${name}: is missing`);
  });

  it.each([
    ['threat:evasion', 'N/A', 'is a filler'],
    ['threat:evasion', 'Low.', 'is too short'],
    ['known_vulnerabilities', 'none', 'is a filler'],
    ['contact', 'ask around', 'is neither an e-mail address nor an https link'],
  ])('fails on %s: %s', async (key, value, message) => {
    expect(problemsOf(await run(replaced(key, value)))).toContain(message);
  });

  it('asks a generative model about prompt injection', async () => {
    const generative = { modelCard: { modelParameters: { task: 'text-generation' } } };
    expect(problemsOf(await run(SECURITY, generative))).toContain('prompt_injection: is missing');
  });

  it('finds properties on the component as well', async () => {
    expect((await run([], { component: { properties: SECURITY } })).outcome).toBe('passed');
  });
});

describe('intended_use_defined', () => {
  const run = (considerations: object, more: object = {}) =>
    runCheck('intended_use_defined', { model_card: card({ considerations }), ...more });

  it('passes uses, users and a use out of scope that fit the questionnaire', async () => {
    const report = await run({}, { risk_questionnaire: HIGH_RISK });
    expect(report.outcome).toBe('passed');
    expect(report.message).toContain('in line with the risk questionnaire');
  });

  it.each([
    [
      'no use',
      { useCases: ['Out of scope: anything about employment or insurance.'] },
      'the card states no intended use',
    ],
    ['no user', { users: [] }, 'the card states no intended user'],
    [
      'nothing out of scope',
      { useCases: ['Scores card transactions for fraud.'] },
      'the card states no use out of scope',
    ],
    ['a placeholder', { users: ['[More Information Needed]'] }, 'an intended user repeats a template'],
  ])('fails on %s', async (_, considerations, message) => {
    const report = await run(considerations);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('fails when a use falls in an area that the questionnaire leaves out', async () => {
    const report = await run({}, { risk_questionnaire: MINIMAL });
    expect(report.outcome).toBe('failed');
    expect(report.message).toContain('the stated use "credit limit" falls in Annex III, 5');
  });

  it('does not take a use out of scope for a use', async () => {
    const useCases = [
      'Scores card transactions for fraud so that analysts can review them.',
      'Out of scope: credit scoring, hiring, exam monitoring, border control.',
    ];
    expect((await run({ useCases }, { risk_questionnaire: MINIMAL })).outcome).toBe('passed');
  });

  it('cannot pass with a questionnaire that cannot be read', async () => {
    expect((await run({}, { risk_questionnaire: 'format: [' })).outcome).toBe('insufficient_evidence');
  });
});

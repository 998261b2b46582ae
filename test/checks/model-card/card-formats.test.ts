import { describe, expect, it } from 'vitest';
import { CONSIDERATIONS } from '../support/card.ts';
import {
  aiPackage,
  BODY,
  datasetPackage,
  GOOD_CARDS,
  OWN_BLOCK,
  readme,
  spdx,
  testedOn,
  toolkitCard,
} from '../support/card-formats.ts';
import { HIGH_RISK } from '../support/questionnaire.ts';
import { problemsOf, runCheck } from '../support/workspace.ts';

const STAGE = [
  'model_card_schema_valid',
  'performance_metrics_populated',
  'failure_modes_documented',
  'security_properties_documented',
  'intended_use_defined',
];
const schemaValid = (model_card: unknown) => runCheck('model_card_schema_valid', { model_card });

describe.each(Object.entries(GOOD_CARDS))('%s', (_, model_card) => {
  it.each(STAGE)('passes %s', async (name) => {
    const report = await runCheck(name, { model_card, risk_questionnaire: HIGH_RISK });
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
  });

  it('is compared with the predictions like any other card', async () => {
    const predictions = 'sex,label,decision\nfemale,1,1\nfemale,1,0\nmale,0,0\nmale,0,0\n';
    const parameters = { label: 'label', prediction: 'decision' };
    const good = await runCheck('performance_metrics_populated', { model_card, predictions }, { parameters });
    expect(problemsOf(good)).toBe('');
    expect(good.measurements).toContainEqual({ name: 'metrics_recomputed', value: 2, unit: 'count' });
    const worse = predictions.replace('male,0,0', 'male,0,1');
    const bad = await runCheck(
      'performance_metrics_populated',
      { model_card, predictions: worse },
      { parameters },
    );
    expect(bad.outcome).toBe('failed');
    expect(bad.message).toContain('accuracy is stated as 0.75, but the predictions give 0.5');
  });
});

describe('a Hugging Face README', () => {
  it.each([
    ['no front matter', BODY, 'the front matter does not say which model version it is about'],
    [
      'no block of ours',
      readme({ metadata: { countersign: undefined } }),
      'does not say which model version',
    ],
    [
      'another model',
      readme({ own: { model: { id: 'other', version: '4.1.2' } } }),
      'names "other@4.1.2", not fraud-detection@4.1.2',
    ],
    ['no hash', readme({ own: { sha256: undefined } }), 'has no SHA-256 of the artifact'],
    ['other bytes', readme({ own: { sha256: 'ab'.repeat(32) } }), 'the card describes other bytes'],
    ['a hash that is none', readme({ own: { sha256: 'yes' } }), 'expected 64 hex digits'],
    ['an unknown key in our block', readme({ own: { colour: 'red' } }), 'unknown key "colour"'],
    [
      'a version without quotes',
      readme().replace('version: 4.1.2', 'version: 4.1'),
      'countersign.model.version',
    ],
    [
      'two models',
      readme({ metadata: { 'model-index': [{ name: 'a' }, { name: 'b' }] } }),
      'describes 2 models: "a", "b"',
    ],
    ['a metric without a type', readme({ metrics: [{ value: 1 }] }), 'metrics[0].type: missing'],
    ['a metric without a value', readme({ metrics: [{ type: 'f1' }] }), 'metrics[0].value'],
    ['a key twice', readme().replace('license:', 'pipeline_tag: x\nlicense:'), 'pipeline_tag'],
    ['an alias', readme().replace('license: apache-2.0', 'license: &a mit\ntags: [*a]'), 'alias'],
    ['an end that is missing', '---\nlicense: mit\n\n# Model\n', 'the front matter does not end'],
    [
      'marks of a template',
      readme({ body: '# Model Card for {{ model_id }}\n\n## Uses\n' }),
      'holds a mark of a template',
    ],
    ['a template of the Hub', '---\n{{ card_data }}\n---\n\n# Model Card for {{ model_id }}\n', ''],
  ])('fails with %s', async (_, value, expected) => {
    const report = await schemaValid(value);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(expected);
  });

  it('is read with line ends of Windows, a byte order mark, and lines in messages that are those of the file', async () => {
    expect((await schemaValid(`\uFEFF${readme().replaceAll('\n', '\r\n')}`)).outcome).toBe('passed');
    expect(problemsOf(await schemaValid('---\nlicense: mit\ncountersign:\n  sha256: x\n---\n'))).toContain(
      ':4:',
    );
  });

  const intended = (body: string, own: object = {}) =>
    runCheck('intended_use_defined', { model_card: readme({ body, own }) });
  const failureModes = (body: string) =>
    runCheck(
      'failure_modes_documented',
      { model_card: readme({ body }) },
      { parameters: { require_severity: 'never' } },
    );

  it('is read by the headings of the older template, in any case', async () => {
    const old = `# fraud\n\n## INTENDED USES & LIMITATIONS\n\n${CONSIDERATIONS.useCases[0]}\n\nNot intended for: deciding on applications for employment.\n\n### Limitations and bias\n\nWhen: the merchant is new; Effect: fraud is missed\n`;
    const report = await intended(old);
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
    expect((await failureModes(old)).message).toBe('1 failure mode documented');
  });

  it('takes what front matter states where headings are in another language', async () => {
    const body = '# Karte\n\n## Verwendung\n\nErkennt Betrug.\n';
    expect(problemsOf(await intended(body))).toContain('countersign.uses');
    const own = {
      uses: CONSIDERATIONS.useCases.slice(0, 2),
      out_of_scope_uses: ['Decisions on applications for jobs'],
    };
    expect((await intended(body, own)).outcome).toBe('passed');
  });

  it.each([
    ['a comment', '<!-- This section addresses misuse. -->', 'holds only a comment'],
    ['nothing', '', 'is empty'],
    ['the words of the template', '[More Information Needed]', 'repeats a template'],
    ['the words of the generator', 'More information needed', 'repeats a template'],
    [
      'a mark of the template',
      '{{ out_of_scope_use | default("[More Information Needed]", true)}}',
      'says that more information is needed',
    ],
    ['a script', '<script>document.write("Not for decisions on people at all.")</script>', 'is empty'],
  ])('fails with a section that holds %s', async (_, text, reason) => {
    const report = await intended(BODY.replace(/Not for deciding.*/, text));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(`section "Out-of-Scope Use": a use out of scope ${reason}`);
  });

  it('takes no placeholder for a failure mode', async () => {
    const report = await failureModes(
      '## Bias, Risks, and Limitations\n\n{{ bias_risks_limitations | default("", true)}}\n',
    );
    expect(problemsOf(report)).toContain('holds a note to be filled in');
  });

  it.each([
    ['"20.0 ± 1.2"', 'wer', 20],
    ['93.1 %', 'accuracy', 0.931],
    ['0.9 +/- 0.05', 'accuracy', 0.9],
    ['93.1 ± 0.4 %', 'accuracy', 0.931],
    ['93.1% (± 0.4%)', 'accuracy', 0.931],
    ['about 0.9', 'accuracy', undefined],
  ])('reads the value %s', async (text, type, expected) => {
    const model_card = readme({ metrics: [{ type, value: text.replaceAll('"', '') }] });
    const report = await runCheck(
      'performance_metrics_populated',
      { model_card },
      { parameters: { require_sliced_metric: false } },
    );
    if (expected === undefined) expect(report.outcome).toBe('failed');
    else expect(report.details['metrics']).toMatchObject([{ stated: expected }]);
  });

  it('says how to write a percentage', async () => {
    const model_card = readme({ metrics: [{ type: 'accuracy', value: 93.1 }] });
    const report = await runCheck('performance_metrics_populated', { model_card });
    expect(problemsOf(report)).toContain('accuracy 93.1 is outside 0 to 1');
    expect(report.problems[0]?.remedy).toBe('if it is a percentage, write "93.1 %" or 0.931');
  });

  it.each([
    ['10 MB', readme({ body: '# a\n'.repeat(2_500_000) })],
    ['200,000 quotes in quotes', readme({ body: `## Uses\n\n${'>'.repeat(200_000)}` })],
    ['lists in lists', readme({ body: `## Uses\n\n${'1. '.repeat(60_000)}` })],
    ['an alias bomb', '---\na: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n---\n'],
    ['YAML sequences, 50,000 deep', `---\n${'- '.repeat(50_000)}\n---\n`],
    ['a YAML tag', '---\na: !!js/function "x"\n---\n# Model\n'],
  ])('that is hostile by %s fails', async (_, value) => {
    expect((await schemaValid(value)).outcome).toBe('failed');
  });
});

describe('a Model Card Toolkit card', () => {
  const details = toolkitCard().model_details;
  it.each([
    [
      'another key at the root',
      toolkitCard({ colour: 'red' }),
      'must NOT have additional properties: "colour"',
    ],
    [
      'a metric value that is text',
      toolkitCard({ quantitative_analysis: { performance_metrics: [{ type: 'f1', value: '0.9' }] } }),
      'must be number',
    ],
    [
      'a reference that is no URI',
      toolkitCard({ model_details: { ...details, references: [{ reference: 'a b' }] } }),
      'must match format "uri"',
    ],
    [
      'both kinds of licence',
      toolkitCard({ model_details: { ...details, licenses: [{ identifier: 'a', custom_text: 'b' }] } }),
      'must match exactly one schema',
    ],
    [
      'another version',
      toolkitCard({ model_details: { ...details, version: { name: '4.2.0' } } }),
      'names "fraud-detection@4.2.0", not',
    ],
    ['no name', toolkitCard({ model_details: undefined }), 'names "?@?"'],
    [
      'no hash',
      toolkitCard({ model_details: { ...details, references: [] } }),
      'has no SHA-256 of the artifact',
    ],
    [
      'other bytes',
      toolkitCard({ model_details: { ...details, references: [{ reference: 'countersign:sha256:abc' }] } }),
      'the card describes other bytes',
    ],
  ])('fails with %s', async (_, value, expected) => {
    const report = await schemaValid(value);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(expected);
  });

  it('is not told apart by an empty object, nor taken in another schema version', async () => {
    expect((await schemaValid({})).outcome).toBe('failed');
    const other = await schemaValid(toolkitCard({ schema_version: '0.0.1' }));
    expect(other.outcome).toBe('insufficient_evidence');
    expect(other.message).toContain('schema version 0.0.1');
  });

  it.each([
    'The value of the performance metric.',
    'A description of the limitation.',
    'A description of the use case.',
    'Who are the intended users of the model?',
  ])('fails where it repeats its schema: %s', async (description) => {
    const considerations = { ...toolkitCard().considerations, limitations: [{ description }] };
    const report = await runCheck('failure_modes_documented', {
      model_card: toolkitCard({ considerations }),
    });
    expect(problemsOf(report)).toContain('repeats a template');
  });
});

describe('an SPDX document', () => {
  it.each([
    'suppliedBy',
    'releaseTime',
    'software_downloadLocation',
    'software_packageVersion',
    'software_primaryPurpose',
    'creationInfo',
    'spdxId',
  ])('fails without %s of the model', async (field) => {
    const report = await schemaValid(spdx([aiPackage({ [field]: undefined }), datasetPackage()]));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(`.${field}: is missing`);
  });

  it.each([
    'builtTime',
    'originatedBy',
    'releaseTime',
    'software_downloadLocation',
    'software_primaryPurpose',
    'dataset_datasetType',
  ])('fails without %s of the dataset', async (field) => {
    const report = await schemaValid(spdx([aiPackage(), datasetPackage({ [field]: undefined }), testedOn()]));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(`.${field}: is missing`);
  });

  it.each([
    ['a time that is none', [aiPackage({ releaseTime: 'yesterday' })], 'expected an instant'],
    ['a purpose that is none', [aiPackage({ software_primaryPurpose: 'fun' })], 'is no SoftwarePurpose'],
    [
      'a dataset type that is none',
      [aiPackage(), datasetPackage({ dataset_datasetType: ['rows'] })],
      'is no DatasetType',
    ],
    [
      'a risk level that is none',
      [aiPackage({ ai_safetyRiskAssessment: 'so-so' })],
      'ai_safetyRiskAssessment',
    ],
    [
      'another model',
      [aiPackage({ name: 'other' })],
      'no ai_AIPackage names fraud-detection@4.1.2; named: "other@4.1.2"',
    ],
    ['no model', [datasetPackage()], 'there is none at all'],
    [
      'the model twice',
      [aiPackage(), aiPackage({ spdxId: 'https://bank.example/spdx/again' })],
      'a second ai_AIPackage names',
    ],
    ['an id twice', [aiPackage(), datasetPackage({ spdxId: aiPackage().spdxId })], 'is used twice'],
    ['no hash', [aiPackage({ verifiedUsing: [] })], 'has no SHA-256'],
    [
      'another kind of hash',
      [aiPackage({ verifiedUsing: [{ type: 'Hash', algorithm: 'sha512', hashValue: 'ab' }] })],
      'has no SHA-256',
    ],
    [
      'other bytes',
      [aiPackage({ verifiedUsing: [{ type: 'Hash', algorithm: 'sha256', hashValue: 'ab' }] })],
      'the card describes other bytes',
    ],
    [
      'data that is nowhere',
      [aiPackage(), testedOn('https://elsewhere.example/data')],
      'which is no element of this document',
    ],
    [
      'a profile without licences',
      [
        aiPackage(),
        { type: 'SpdxDocument', spdxId: 'https://bank.example/spdx/doc', profileConformance: ['core', 'ai'] },
      ],
      '0 relationships hasDeclaredLicense instead of one',
    ],
  ])('fails with %s', async (_, elements, expected) => {
    const report = await schemaValid(spdx(elements as object[]));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(expected);
  });

  it('finds a hash that is an element of its own', async () => {
    const [hash] = aiPackage().verifiedUsing;
    const elements = [aiPackage({ verifiedUsing: ['_:hash'] }), { ...hash, '@id': '_:hash' }];
    expect((await schemaValid(spdx(elements))).outcome).toBe('passed');
  });

  it.each([
    [
      'a context of its own',
      ['https://spdx.org/rdf/3.0.1/spdx-context.jsonld', { name: 'https://evil.example/name' }],
    ],
    ['a context elsewhere', 'https://evil.example/spdx.org/context.jsonld'],
    ['another version', 'https://spdx.org/rdf/4.0/spdx-context.jsonld'],
  ])('with %s is not read, and nothing is fetched', async (_, context) => {
    const report = await schemaValid({ ...spdx(), '@context': context });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('@context is not exactly that of SPDX 3.0');
  });

  it.each([
    ['a graph that is no list', { '@graph': 'x' }],
    ['a graph of nothing', { '@graph': [null, 1, []] }],
    ['no graph', { '@graph': undefined }],
    ['a hundred thousand elements', { '@graph': Array.from({ length: 100_000 }, () => ({ type: 'x' })) }],
  ])('with %s fails', async (_, parts) => {
    expect((await schemaValid({ ...spdx(), ...parts })).outcome).toBe('failed');
  });
});

describe('every check of the stage', () => {
  it.each(STAGE)('%s passes no card of another model', async (name) => {
    for (const model_card of [
      readme({ own: { ...OWN_BLOCK, model: { id: 'other', version: '1' } } }),
      toolkitCard({ model_details: {} }),
      spdx([aiPackage({ name: 'other' })]),
    ])
      expect((await runCheck(name, { model_card }, { parameters: {} })).outcome).not.toBe('passed');
  });
});

describe('text that was made to cost time', () => {
  const N = 60_000;
  const long = (text: string) => text.repeat(Math.floor(N / text.length));
  const TEXTS = [
    '{{',
    '{%',
    '[your ',
    '\n',
    ';  ',
    ' ',
    '<!--',
    '<a ',
    '<script>',
    '</script',
    '*a',
    '_',
    '`',
    '[a](',
    '<',
  ];

  it.each(TEXTS.map((text) => [text]))('%j is read in no time, and is no substance', async (text) => {
    const limitation = `a${long(text)}b`;
    const started = performance.now();
    for (const model_card of [
      readme({ body: `## Direct Use\n\n${limitation}\n\n## Limitations\n\n- ${limitation}\n` }),
      toolkitCard({
        quantitative_analysis: { performance_metrics: [{ type: limitation, value: 1, slice: limitation }] },
        considerations: {
          limitations: [{ description: limitation }],
          use_cases: [{ description: limitation }],
        },
      }),
      spdx([
        aiPackage({ ai_limitation: limitation, ai_metric: [{ key: limitation, value: `1${limitation}` }] }),
      ]),
    ])
      for (const name of STAGE) {
        const { outcome } = await runCheck(name, { model_card });
        if (name === 'failure_modes_documented') expect(outcome).toBe('failed');
      }
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it('so are as many references and relationships as fit', async () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `_:${index}`);
    const elements = [
      aiPackage({ verifiedUsing: ids, ai_metric: ids, extension: ids }),
      ...ids.map((id) => ({ type: 'Hash', '@id': id, algorithm: 'sha512', hashValue: 'ab' })),
      { ...testedOn(), to: ids },
    ];
    const report = await schemaValid(spdx(elements));
    expect(problemsOf(report)).toContain('has no SHA-256');
  });
});

import fc from 'fast-check';
import { escaped } from '../../src/notify/index.ts';
import { codePoint } from '../support/code-point.ts';

const NASTY = [
  '<!channel>',
  '<!here|x>',
  '<@U0BOSS>',
  '<http://evil.example|Approve>',
  '```',
  '`',
  '*_~',
  ':tada:',
  '&lt;',
  '\u202Eevil',
  '\n> quote\n',
  '\0',
  '🧨',
];

/** Any text at all: long ones, broken surrogate pairs, and whatever means something to Slack. */
export const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: codePoint, maxLength: 60 }) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...NASTY), { maxLength: 40 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4000 }).map((length) => '&'.repeat(length)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4000 }).map((length) => '<"\\'.repeat(length)) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
      .map((units) => String.fromCharCode(...units)),
  },
);

/** Strings that choose among what is said, or are made by us. */
const OURS = new Set(
  'kind state decision status severity riskTier outcome confirmation phase hop code id presentationId button channel confidence before after ending refusal trouble news deed word'.split(
    ' ',
  ),
);
const OUR_WORDS =
  /^(sha256:[0-9a-f]{64}|\d{4}-\d\d-\d\dT[\d:.]+Z|none|due|overdue|documented|code|data|config)$/;
const FUNCTIONS: Readonly<Record<string, unknown>> = {
  nameOf: (person: string) => escaped(person, 80),
  runUrl: (runId: string) => `https://governance.example/runs/${encodeURIComponent(runId.toWellFormed())}`,
};

/** Whatever has the shape of a sample: any text where it has one from outside, none or many where it has a list. */
export function like<T>(sample: T, key = ''): fc.Arbitrary<T> {
  return shaped(sample, key) as fc.Arbitrary<T>;
}

function shaped(sample: unknown, key: string): fc.Arbitrary<unknown> {
  if (typeof sample === 'string') return OURS.has(key) || OUR_WORDS.test(sample) ? fc.constant(sample) : text;
  if (typeof sample === 'function') return fc.constant(FUNCTIONS[key] ?? sample);
  if (Array.isArray(sample))
    return sample.length === 0
      ? fc.constant([])
      : fc.array(fc.oneof(...sample.map((each) => shaped(each, key))), { maxLength: 30 });
  if (typeof sample !== 'object' || sample === null) return fc.constant(sample);
  return fc.record(
    Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, shaped(value, name)])),
  );
}

import { z } from 'zod';
import { Digest } from '../../domain/index.ts';
import { DAY } from '../../lib/index.ts';
import type { CheckInput } from '../contract.ts';
import { type Finding, fails, holds, unknown } from '../deployment/finding.ts';
import type { Endpoint } from '../deployment/serving.ts';
import { readDocument } from '../evidence/document.ts';
import { toCheckProblems } from '../report.ts';
import { ModelReference, prose } from '../risk/fields.ts';
import { OPENAPI } from './openapi.ts';

/** Evidence name of the results of requests that must be refused. */
export const VALIDATION_TESTS = 'input_validation_tests';

/** Requests that an endpoint must refuse. */
const CASES = [
  'malformed_json',
  'missing_field',
  'unknown_field',
  'wrong_type',
  'wrong_width',
  'not_finite',
  'out_of_range',
  'oversized_body',
] as const;

/** `input_validation_tests`: what the endpoint answered to requests that it must refuse. */
export const NegativeTests = z.strictObject({
  format: z.literal('countersign-negative-tests/v1').describe('Says what this file is.'),
  model: ModelReference,
  endpoint: z
    .strictObject({
      host: z.string().min(1).max(253).describe('its host name'),
      path: z.string().min(1).max(500).describe('its path'),
    })
    .describe('where the requests were sent: the endpoint of the model'),
  openapi: Digest.describe('digest of the OpenAPI document that was tested against'),
  validator: prose(3).describe('the object that refuses, as `Deployment bank/fraud-detection`'),
  tested: z.iso
    .datetime({ error: 'expected a time such as "2026-10-21T09:30:00Z"' })
    .describe('when they were sent'),
  cases: z
    .array(
      z.strictObject({
        case: z.enum(CASES).describe('what was wrong with the request'),
        request: prose(3).describe('what was sent, in words'),
        status: z.int().min(100).max(599).describe('HTTP status that came back'),
      }),
    )
    .min(1)
    .max(200)
    .describe('the requests and the answers'),
});
export type NegativeTests = z.infer<typeof NegativeTests>;

/** The results, and what is wrong with them. */
export interface TestsReading {
  /** Undefined where they were not submitted or cannot be read. */
  readonly tests: NegativeTests | undefined;
  readonly findings: readonly Finding[];
}

/** Reads the negative tests and judges whether they are about this model, endpoint and document, recent and all refused. */
export async function readNegativeTests(
  input: CheckInput<unknown>,
  endpoint: Endpoint,
  maxAgeDays: number,
): Promise<TestsReading> {
  const file = input.evidence.get(VALIDATION_TESTS);
  if (file === undefined) return { tests: undefined, findings: [] };
  const read = await readDocument(VALIDATION_TESTS, file, NegativeTests);
  if (!read.ok)
    return {
      tests: undefined,
      findings: toCheckProblems(read.problems).map(({ where, message, remedy = '' }) =>
        unknown(where, message, remedy),
      ),
    };
  const tests = read.value;
  const findings = [
    ...identity(input, tests, endpoint),
    ...age(tests, input.now, maxAgeDays),
    ...answers(tests),
  ];
  if (findings.length > 0) return { tests, findings };
  return {
    tests,
    findings: [
      holds(VALIDATION_TESTS, `${tests.cases.length} bad requests were refused by ${tests.validator}`),
    ],
  };
}

function identity(input: CheckInput<unknown>, tests: NegativeTests, endpoint: Endpoint): Finding[] {
  const found: Finding[] = [];
  const { id, version } = tests.model;
  if (id !== input.modelId || version !== input.modelVersion)
    found.push(
      fails(
        `${VALIDATION_TESTS}: model`,
        `is about ${id} ${version}, not ${input.modelId} ${input.modelVersion}`,
        'test this version',
      ),
    );
  if (tests.endpoint.host !== endpoint.host || !tests.endpoint.path.startsWith(endpoint.path))
    found.push(
      fails(
        `${VALIDATION_TESTS}: endpoint`,
        `is about ${tests.endpoint.host}${tests.endpoint.path}, not ${endpoint.host}${endpoint.path}`,
        'test this endpoint',
      ),
    );
  const document = input.evidence.get(OPENAPI);
  if (document !== undefined && tests.openapi !== document.digest)
    found.push(
      fails(
        `${VALIDATION_TESTS}: openapi`,
        `was tested against ${tests.openapi}, and the document submitted is ${document.digest}`,
        'test against the document that is submitted',
      ),
    );
  return found;
}

function age({ tested }: NegativeTests, now: string, maxAgeDays: number): Finding[] {
  const days = (Date.parse(now) - Date.parse(tested)) / DAY;
  if (days < 0)
    return [
      fails(`${VALIDATION_TESTS}: tested`, `${tested} is in the future`, 'state when the requests were sent'),
    ];
  if (days > maxAgeDays)
    return [
      fails(
        `${VALIDATION_TESTS}: tested`,
        `was ${Math.floor(days)} days ago; at most ${maxAgeDays} are allowed`,
        'test again',
      ),
    ];
  return [];
}

/** Refused means 400, 413, 415 or 422 and the like: 401, 403, 404 and 429 say nothing about the body. */
function answers({ cases }: NegativeTests): Finding[] {
  const absent = CASES.filter((name) => !cases.some((item) => item.case === name));
  const missing =
    absent.length === 0
      ? []
      : [fails(`${VALIDATION_TESTS}: cases`, `has no case of ${absent.join(', ')}`, 'test these too')];
  const wrong = cases.flatMap((item, index) => {
    const refused = item.status >= 400 && item.status < 500 && ![401, 403, 404, 429].includes(item.status);
    const what =
      item.status >= 500
        ? 'the server broke'
        : item.status < 400
          ? 'it was accepted'
          : 'it was refused for another reason';
    return refused
      ? []
      : [
          fails(
            `${VALIDATION_TESTS}: cases[${index}]`,
            `${item.case} was answered with ${item.status}: ${what}`,
            'refuse it with 400 or 422',
          ),
        ];
  });
  return [...missing, ...wrong];
}

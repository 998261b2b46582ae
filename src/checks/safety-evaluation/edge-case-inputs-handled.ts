import { z } from 'zod';
import type { CheckReport } from '../../domain/index.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { counted, report } from '../report.ts';
import { tryCompany } from '../safety/company.ts';
import { tryEdgeRows, tryMisshapen, tryNothing } from '../safety/edge-findings.ts';
import { SAFETY_EVIDENCE } from '../safety/evidence.ts';
import { rowAt } from '../safety/try-rows.ts';

const PARAMETERS = z.strictObject({
  non_finite: z
    .enum(['must_be_finite', 'rejected_upstream'])
    .default('must_be_finite')
    .describe(
      'what holds for NaN and infinite inputs: must_be_finite wants a refusal or a finite answer of the model itself; rejected_upstream lets it be, and then input_validation_configured must be in a required stage of the pipeline',
    ),
  repeated_rows: z
    .int()
    .min(2)
    .max(1000)
    .default(64)
    .describe('rows of the reference data that are answered twice, and alone and together'),
});
type Parameters = z.output<typeof PARAMETERS>;

/** The model answers odd inputs within its boundary, or refuses them. */
export const edgeCaseInputsHandled = defineCheck({
  name: 'edge_case_inputs_handled',
  stage: 'safety_evaluation',
  version: '1.2.0',
  proves:
    'Inputs that are not finite, extreme, out of range or misshapen are refused or answered within the declared outputs, no rows give no answers, and an answer depends neither on chance nor on the other rows.',
  doesNotProve:
    'That an answer to an odd input is right, that odd combinations of several inputs are handled, or that the runtime in production does the same.',
  evidence: SAFETY_EVIDENCE,
  readsArtifact: true,
  onCrash: 'failed',
  parameters: PARAMETERS,
  reliesOn: ({ non_finite }) => (non_finite === 'rejected_upstream' ? ['input_validation_configured'] : []),
  run,
});

async function run(input: CheckInput<Parameters>): Promise<CheckReport> {
  const { prepare } = await import('../safety/prepare.ts');
  const start = await prepare(input);
  if ('ended' in start) return start.ended;
  const { session, reference } = start.prepared;
  const { non_finite, repeated_rows } = input.parameters;
  const base = rowAt(reference, 0);
  const repeated = Math.min(repeated_rows, reference.count);
  const company = await tryCompany(session, {
    count: repeated,
    values: reference.values.slice(0, repeated * session.width),
  });
  const findings = [
    ...(await tryEdgeRows(session, base)),
    await tryMisshapen(session, base),
    await tryNothing(session),
    company,
  ];
  const excused = (kind: string) => kind === 'non_finite' && non_finite === 'rejected_upstream';
  const problems = findings.flatMap((finding) => (excused(finding.kind) ? [] : finding.problems));
  const cases = findings.reduce((sum, finding) => sum + finding.cases, 0);
  return report(
    problems.length === 0 ? 'passed' : 'failed',
    conclusion(cases, problems, excused('non_finite')),
    {
      problems,
      measurements: [
        ...findings.map(({ kind, cases: value }) => ({ name: `cases[${kind}]`, value, unit: 'count' })),
        ...findings.map(({ kind, refused: value }) => ({ name: `refused[${kind}]`, value, unit: 'count' })),
        { name: 'difference_in_company', value: Math.min(company.difference, Number.MAX_VALUE), unit: '1' },
      ],
      details: {
        non_finite,
        excused: findings
          .filter(({ kind }) => excused(kind))
          .flatMap((finding) => finding.problems.map(({ message }) => message)),
      },
    },
  );
}

function conclusion(cases: number, problems: readonly { message: string }[], excused: boolean): string {
  const [first] = problems;
  if (first !== undefined)
    return `${counted(problems.length, 'kind')} of edge case not handled: ${first.message}`;
  const rest = excused ? '; inputs that are not finite are left to the validation of inputs' : '';
  return `all ${cases} edge cases are refused or answered within the declared outputs${rest}`;
}

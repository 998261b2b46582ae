import { z } from 'zod';
import type { CheckReport } from '../../domain/index.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { any, type Finding } from '../deployment/finding.ts';
import { ENDPOINT } from '../deployment/parameters.ts';
import {
  DEPLOYMENT_EVIDENCE,
  openDeployment,
  otherArtifacts,
  strangersAt,
  verdictOf,
} from '../deployment/verdict.ts';
import { insufficient, notSubmitted } from '../report.ts';
import { agreement } from '../validation/agreement.ts';
import { guards } from '../validation/guards.ts';
import { readSignature, TRITON_CONFIG } from '../validation/model-signature.ts';
import { readNegativeTests, VALIDATION_TESTS } from '../validation/negative-tests.ts';
import { OPENAPI, type Operation, readOperation, requestBody } from '../validation/openapi.ts';
import { judgeSchema } from '../validation/schema-rules.ts';
import { type Signature, tensorName } from '../validation/signature.ts';

const PARAMETERS = z.strictObject({
  endpoint: ENDPOINT,
  max_body_bytes: z
    .int()
    .min(1)
    .max(1024 ** 3)
    .default(1024 ** 2)
    .describe('largest request body that may be taken, in bytes'),
  require_negative_tests: z
    .boolean()
    .default(false)
    .describe('whether a validator whose rules cannot be read must be shown to refuse bad requests'),
  max_test_age_days: z
    .int()
    .min(1)
    .max(3650)
    .default(180)
    .describe('days after which negative tests are too old'),
});
type Parameters = z.output<typeof PARAMETERS>;

/** Requests to the model are described in full, agree with it, and something in front of it refuses the others. */
export const inputValidationConfigured = defineCheck({
  name: 'input_validation_configured',
  stage: 'security_review',
  version: '1.1.0',
  proves:
    "The request body of the predict operation is described by a closed schema in which every number, text and list has bounds, it agrees with the model's own inputs, and a validator and a limit on body size are attached to every route that leads to the model.",
  doesNotProve:
    'That the validator refuses all that the schema does not allow, unless negative tests show it, or that these manifests are what is deployed.',
  evidence: [
    {
      name: OPENAPI,
      required: true,
      description: 'OpenAPI 3.0 to 3.2 of the predict operation, YAML or JSON',
    },
    ...DEPLOYMENT_EVIDENCE,
    {
      name: TRITON_CONFIG,
      required: false,
      description: "the server's config.pbtxt, held against the model",
    },
    {
      name: VALIDATION_TESTS,
      required: false,
      description:
        'what the endpoint answered to requests that it must refuse (countersign-negative-tests/v1)',
    },
  ],
  readsArtifact: true,
  parameters: PARAMETERS,
  run,
});

async function run(input: CheckInput<Parameters>): Promise<CheckReport> {
  const document = input.evidence.get(OPENAPI);
  if (document === undefined)
    return insufficient(`no OpenAPI document was submitted (evidence ${OPENAPI})`, [
      notSubmitted(OPENAPI, 'the OpenAPI document of the endpoint'),
    ]);
  const opened = await openDeployment(input, input.parameters.endpoint);
  if (!opened.ok) return opened.report;
  const { manifests, serving } = opened;
  const operation = await readOperation(
    document,
    serving.endpoint.path,
    input.parameters.endpoint !== undefined,
  );
  const model = await readSignature(input.artifact, input.evidence.get(TRITON_CONFIG));
  const described = operation.ok
    ? judgeBody(operation.operation, model.signature)
    : nothing(operation.findings);
  const tests = await readNegativeTests(input, serving.endpoint, input.parameters.max_test_age_days);
  const guarded = guards(serving, manifests, model.signature, tests.tests, input.parameters);
  const findings = [
    ...described.findings,
    ...serving.findings,
    ...strangersAt(manifests, serving),
    ...otherArtifacts(manifests, serving, input.artifact.digest),
    ...model.findings,
    ...tests.findings,
    ...guarded,
  ];
  return verdictOf(findings, serving, said(model.signature, described.bounded), {
    measurements: [
      { name: 'bounded_numbers', value: described.bounded, unit: 'count' },
      { name: 'unbounded_numbers', value: described.unbounded, unit: 'count' },
    ],
    details: {
      inputs: (model.signature?.inputs ?? []).map(tensorName),
      // With both bounds on every number nothing that is not finite fits the schema.
      non_finite:
        described.bounded > 0 && described.unbounded === 0 && !any(findings, 'fails')
          ? 'rejected'
          : 'not_shown',
    },
  });
}

interface Described {
  readonly findings: readonly Finding[];
  readonly bounded: number;
  readonly unbounded: number;
}

function nothing(findings: readonly Finding[]): Described {
  return { findings, bounded: 0, unbounded: 0 };
}

function judgeBody(operation: Operation, signature: Signature | undefined): Described {
  const { schema, findings } = requestBody(operation);
  if (schema === undefined) return nothing(findings);
  const judged = judgeSchema(operation.document, schema, OPENAPI);
  const agrees = signature === undefined ? [] : agreement(operation.document, schema, signature, OPENAPI);
  return { ...judged, findings: [...findings, ...judged.findings, ...agrees] };
}

function said(signature: Signature | undefined, bounded: number): string {
  const inputs = (signature?.inputs ?? []).map(tensorName).join(', ');
  return `requests are described with bounds on all ${bounded} numbers, agree with ${inputs}, and are validated`;
}

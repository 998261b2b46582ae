import { z } from '@hono/zod-openapi';
import type {
  DecisionRefusal,
  DocumentationRefusal,
  ErrorCode,
  HandlingRefusal,
  WithdrawalRefusal,
} from '../domain/index.ts';
import type { Problem } from '../lib/index.ts';

/** Every code that a problem can have: our own, why an answer does not count, and those that only HTTP knows. */
export type ProblemCode =
  | ErrorCode
  | DecisionRefusal
  | WithdrawalRefusal
  | DocumentationRefusal
  | HandlingRefusal
  | 'method_not_allowed'
  | 'unsupported_media_type';

/** What each code means to a caller: the one place where errors become statuses. */
export const PROBLEMS = {
  invalid_input: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'A bearer token is needed' },
  forbidden: { status: 403, title: 'The token may not do this' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  conflict: { status: 409, title: 'Something else stands in the way' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body is of the wrong kind' },
  digest_mismatch: { status: 422, title: 'The bytes are not those that were announced' },
  pipeline_not_trusted: { status: 422, title: 'The pipeline does not count for this model' },
  unknown_person: { status: 403, title: 'The people map does not know who answers' },
  no_role: { status: 403, title: 'The person holds none of the roles that decide' },
  submitter_or_author: { status: 403, title: 'Submitter and authors do not decide' },
  account_barred: { status: 403, title: "The person's Slack account may not act" },
  api_refused: { status: 403, title: 'The pipeline takes no answers by the API' },
  confirmation_required: { status: 403, title: 'The pipeline demands that the digest is retyped in Slack' },
  reason_required: { status: 400, title: 'A rejection needs a reason' },
  already_decided: { status: 409, title: 'The person has decided already' },
  decided_by_other: { status: 409, title: 'The vote was cast by another person' },
  delegation_not_in_force: { status: 403, title: 'The delegation is not in force' },
  closed: { status: 409, title: 'Others have decided' },
  lapsed: { status: 409, title: 'The time for an answer is over' },
  superseded: { status: 409, title: 'A newer submission took its place' },
  withdrawn: { status: 409, title: 'The request was withdrawn' },
  view_changed: { status: 409, title: 'What was shown is not what is asked' },
  nothing_to_withdraw: { status: 409, title: 'There is no decision to withdraw' },
  already_documented: { status: 409, title: 'The override is documented already' },
  unknown_finding: { status: 404, title: 'There is no such finding' },
  resolved: { status: 409, title: 'The finding is resolved' },
  already_acknowledged: { status: 409, title: 'The finding is acknowledged already' },
  not_muted: { status: 409, title: 'The finding is not muted' },
  mute_too_long: { status: 400, title: 'The mute is too long' },
  never_submitted: { status: 409, title: 'The bytes were never submitted' },
  may_not_renew: { status: 403, title: 'The person may not renew it' },
  not_held: { status: 409, title: 'Nothing holds up that it is blocked' },
  block_allowed: { status: 409, title: 'Somebody let it be blocked already' },
  run_asked: { status: 409, title: 'A run was asked for already' },
  nothing_to_document: { status: 409, title: 'The override was never good' },
  role_unconfirmed: { status: 503, title: 'Slack cannot confirm the role now' },
  integrity: { status: 500, title: 'Stored data is damaged' },
  internal: { status: 500, title: 'Something went wrong on the server' },
  unavailable: { status: 503, title: 'Something that the server needs is not available' },
} as const satisfies Record<ProblemCode, { status: number; title: string }>;

/** The status codes that problems have. */
export type ProblemStatus = (typeof PROBLEMS)[ProblemCode]['status'];

export const ProblemBody = z
  .object({
    type: z.string().openapi({ description: 'Names the kind of problem: `urn:countersign:problem:<code>`.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'What is wrong, for people.' }),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    instance: z.string().openapi({ description: 'Names this occurrence; the server logs it too.' }),
    problems: z
      .array(
        z.object({
          where: z.string(),
          message: z.string(),
          fix: z.string().optional().openapi({ description: 'What to do about it, where that is known.' }),
        }),
      )
      .readonly()
      .openapi({ description: 'Everything that is wrong, each with its place.' }),
    allowed: z
      .literal(false)
      .optional()
      .openapi({ description: 'Only from the gate: an error allows nothing.' }),
  })
  .openapi('Problem', {
    description: 'A problem in the form of RFC 9457.',
    example: {
      type: 'urn:countersign:problem:digest_mismatch',
      title: PROBLEMS.digest_mismatch.title,
      status: 422,
      detail: 'the bytes have digest sha256:0b1f…, but sha256:9c56… was announced',
      code: 'digest_mismatch',
      instance: 'urn:uuid:0b7a7d0e-6f0c-4f8e-9a53-3d3f0a2c7f11',
      problems: [
        { where: 'body', message: 'expected sha256:9c56…, got sha256:0b1f…', fix: 'send the file again' },
      ],
    },
  });

/** One problem as it is answered. */
export interface ProblemDetails {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly problems: readonly Problem[];
}

/** The body of a problem; `instance` ties the answer to the log. */
export function problemBody(
  { code, detail, problems }: ProblemDetails,
  instance: string,
): z.infer<typeof ProblemBody> {
  const { status, title } = PROBLEMS[code];
  return { type: `urn:countersign:problem:${code}`, title, status, detail, code, instance, problems };
}

/** Problems that only HTTP knows: a wrong method, a wrong kind of body. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly code: ProblemCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.headers = headers;
  }
}

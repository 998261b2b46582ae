import { z } from 'zod';
import {
  type DecisionRefusal,
  Digest,
  type DocumentationRefusal,
  type WithdrawalRefusal,
} from '../domain/index.ts';

const By = { tokenId: z.string(), until: z.string() };

/** An answer by API as the inbox keeps it until whoever holds the key of the approvals takes it. */
export const ApiAnswer = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('api_decide'),
    requestId: z.string(),
    decision: z.enum(['approved', 'rejected']),
    view: Digest,
    /** Gone once the answer was taken: the words are kept with the decision alone. */
    reason: z.string().nullable().default(null),
    ...By,
  }),
  z.object({ type: z.literal('api_withdraw'), requestId: z.string(), ...By }),
  z.object({
    type: z.literal('api_document'),
    overrideId: z.string(),
    /** Gone once it was taken, like a reason. */
    documentation: z.string().default(''),
    ...By,
  }),
]);
/** The same, as a type. */
export type ApiAnswer = z.infer<typeof ApiAnswer>;

/** An answer of one kind. */
export type ApiAnswerOf<Type extends ApiAnswer['type']> = Extract<ApiAnswer, { type: Type }>;

/** What somebody says by API, and with which token. */
export type ApiWish = { [Type in ApiAnswer['type']]: Omit<ApiAnswerOf<Type>, 'until'> }[ApiAnswer['type']];

/** Why what was said does not count. */
export type ApiRefusal<Wish extends ApiWish = ApiWish> = Wish extends { readonly type: 'api_document' }
  ? DocumentationRefusal
  : DecisionRefusal | WithdrawalRefusal;

/** What became of an answer by API. `repeated`: the same was on record before, by the API too. */
export type ApiOutcome<Refusal extends string = ApiRefusal> =
  | { readonly word: 'recorded' | 'repeated' | 'withdrawn' }
  | { readonly word: 'refused'; readonly refusal: Refusal }
  | { readonly word: 'unusable' };

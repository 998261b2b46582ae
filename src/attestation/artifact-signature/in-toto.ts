import { z } from 'zod';
import { hexOf } from '../../domain/index.ts';
import { parseStrictJson } from '../../lib/index.ts';
import { PAYLOAD_TYPE } from '../payload.ts';
import { demandModelDigests, demandModelManifest, MODEL_DIGESTS, MODEL_SIGNING } from './model-signing.ts';
import { type NamedArtifact, SignatureError, type SignatureKind, type SignedArtifact } from './result.ts';

/** Predicates by which a statement is a signature of its subject, and not a remark about it. */
export const SIGNING_PREDICATES = [
  MODEL_SIGNING,
  MODEL_DIGESTS,
  'https://sigstore.dev/cosign/sign/v1',
  'https://slsa.dev/provenance/v1',
  'https://slsa.dev/provenance/v0.2',
] as const;

const Statement = z.looseObject({
  _type: z.enum(['https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v0.1']),
  subject: z
    .array(z.looseObject({ digest: z.record(z.string(), z.string()) }))
    .min(1)
    .max(100_000),
  predicateType: z.string(),
  predicate: z.unknown(),
});

/**
 * Demands that a verified payload is a statement that signs this artifact. To be called only with bytes whose signature
 * fits: nothing of them is read before.
 *
 * @throws SignatureError
 */
export function demandStatementAbout(
  artifact: NamedArtifact | SignedArtifact,
  payloadType: string,
  payload: Buffer,
  predicateTypes: readonly string[] | 'any',
): SignatureKind {
  if (payloadType !== PAYLOAD_TYPE)
    throw new SignatureError(
      'wrong_kind',
      `the envelope holds ${quote(payloadType)}, not an in-toto statement`,
    );
  const statement = readStatement(payload);
  if (predicateTypes !== 'any' && !predicateTypes.includes(statement.predicateType)) {
    throw new SignatureError(
      'wrong_kind',
      `the statement is of the kind ${quote(statement.predicateType)}, not ${predicateTypes.join(', ')} (predicate_types)`,
    );
  }
  if (statement.predicateType === MODEL_SIGNING) {
    demandModelManifest(artifact, statement.subject, statement.predicate);
    return 'model_signing';
  }
  if (statement.predicateType === MODEL_DIGESTS) {
    demandModelDigests(artifact, statement.subject);
    return 'model_signing';
  }
  const wanted = hexOf(artifact.digest);
  if (statement.subject.some(({ digest }) => Object.hasOwn(digest, 'sha256') && digest['sha256'] === wanted))
    return 'in_toto';
  throw new SignatureError(
    'other_artifact',
    `none of its ${statement.subject.length} subjects has the digest ${artifact.digest}`,
  );
}

function readStatement(payload: Buffer): z.infer<typeof Statement> {
  const json = parseStrictJson('payload', decode(payload));
  if (!json.ok) throw malformed(`the payload ${json.problems[0]?.message}`);
  const statement = Statement.safeParse(json.value);
  if (statement.success) return statement.data;
  const issue = statement.error.issues[0];
  throw malformed(`the payload is no in-toto statement: ${issue?.path.join('.')}: ${issue?.message}`);
}

function decode(payload: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
  } catch {
    throw malformed('the payload is not UTF-8');
  }
}

function malformed(message: string): SignatureError {
  return new SignatureError('malformed', message);
}

/** Foreign text, made safe to print and short. */
function quote(text: string): string {
  return JSON.stringify(text.slice(0, 120));
}

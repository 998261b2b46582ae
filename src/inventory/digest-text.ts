import { Digest, type Observation } from '../domain/index.ts';
import { quoted } from './names.ts';

/** A digest as somebody outside spells it: `sha256:` may be left out. Null for anything else. */
function readDigest(text: string): Digest | null {
  const result = Digest.safeParse(/^[0-9a-f]{64}$/.test(text) ? `sha256:${text}` : text);
  return result.success ? result.data : null;
}

/** What a text outside tells of a digest, by the confidence that its source deserves. */
export function toldDigest(
  text: string | null,
  where: string,
  confidence: 'reported' | 'declared',
): Pick<Observation, 'digest' | 'confidence' | 'how'> {
  if (text === null) return { digest: null, confidence: 'unknown', how: `${where} names no digest` };
  const digest = readDigest(text);
  if (digest === null)
    return { digest, confidence: 'unknown', how: `${where} names ${quoted(text)}, which is no SHA-256` };
  return { digest, confidence, how: `named by ${where}` };
}

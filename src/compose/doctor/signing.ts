import { type KeylessSettings, readToken, Unsigned } from '../../attestation/index.ts';
import type { Examined } from '../../cli/index.ts';
import type { Config } from '../../config/index.ts';
import type { Instant } from '../../domain/index.ts';
import { about } from './examined.ts';
import { examineSigstore } from './sigstore.ts';

const { ok, problem } = about('signing');

/** Looks whether keyless signers could sign: at the token of each, and at the services that all of them use. */
export async function examineSigning({ signing }: Config, now: Instant): Promise<Examined[]> {
  const signers = [...signing.keyless];
  const [first] = signers;
  if (first === undefined) return [ok('every signer has a key of its own')];
  const [, { services }] = first;
  const looking = [
    ...signers.map(async ([name, settings]) => [await examineToken(name, settings, now)]),
    examineSigstore(services),
  ];
  return (await Promise.all(looking)).flat();
}

async function examineToken(
  name: string,
  { token, services }: KeylessSettings,
  now: Instant,
): Promise<Examined> {
  try {
    await readToken(token, now, services.timeout);
    return ok(`the signer ${name} has an identity token that has not expired`);
  } catch (error) {
    if (!(error instanceof Unsigned)) throw error;
    return problem(`the signer ${name} could not sign: ${error.why}`, error.fix);
  }
}

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Instant } from '../../domain/index.ts';
import { requestFailure, unsigned } from './failure.ts';
import type { TokenSource } from './settings.ts';

const NO_IDENTITY =
  'in GitHub Actions give the job the permission id-token: write, in GitLab CI define SIGSTORE_ID_TOKEN under id_tokens with the audience sigstore, anywhere else name a token_file under signing.keyless';

/** A token, as far as it is read here: who issued it for what is for Fulcio to judge. */
const Claims = z.object({ exp: z.number() });
const Answer = z.object({ value: z.string() });

/**
 * The identity token as it is now, a JSON Web Token that has not expired.
 *
 * @throws Unsigned that says where it was looked for, and nothing of what was found
 */
export async function readToken(source: TokenSource, now: Instant, timeout: number): Promise<string> {
  const { token, from } = await findToken(source, timeout);
  const claims = claimsOf(token);
  if (claims === null) throw unsigned(`${from} holds no identity token (a JSON Web Token)`, NO_IDENTITY);
  if (claims.exp * 1000 > Date.parse(now)) return token;
  const ended = new Date(claims.exp * 1000).toISOString();
  const fix =
    source.file === null
      ? 'a job has it for some minutes only: sign earlier in it'
      : 'see that whoever writes the file renews it before that';
  throw unsigned(`the identity token in ${from} expired at ${ended}, and it is ${now}`, fix);
}

async function findToken(
  { file, github, variable, audience }: TokenSource,
  timeout: number,
): Promise<{ readonly token: string; readonly from: string }> {
  if (file !== null) return { token: await readTokenFile(file), from: file };
  if (github !== null)
    return { token: await askGithub(github, audience, timeout), from: 'the answer of GitHub Actions' };
  if (variable !== null) return { token: variable, from: 'SIGSTORE_ID_TOKEN' };
  throw unsigned('there is no identity token in the environment', NO_IDENTITY);
}

async function readTokenFile(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw unsigned(`the identity token in ${file} cannot be read (${code})`, 'see that it is mounted there');
  });
  return text.trim();
}

async function askGithub(
  { url, token }: NonNullable<TokenSource['github']>,
  audience: string,
  timeout: number,
): Promise<string> {
  try {
    const request = new URL(url);
    request.searchParams.set('audience', audience);
    const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
    const response = await fetch(request, { headers, signal: AbortSignal.timeout(timeout) });
    if (!response.ok) throw Object.assign(new Error(), { statusCode: response.status });
    return Answer.parse(await response.json()).value;
  } catch (error) {
    const { why } = requestFailure(error);
    throw unsigned(`GitHub Actions gave no identity token: ${why}`, NO_IDENTITY);
  }
}

function claimsOf(token: string): z.infer<typeof Claims> | null {
  const [, payload, ...rest] = token.split('.');
  if (payload === undefined || rest.length !== 1) return null;
  try {
    return Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  } catch {
    return null;
  }
}

import { CountersignError, type ErrorCode } from '../../domain/index.ts';
import { Declined } from '../declined.ts';
import { ProblemAnswer } from './answers.ts';

const NEW_TOKEN =
  'make one where the server runs: countersign tokens create --subject … --scope read --scope submit';

/** The error that an answer with an error status stands for. */
export function refusalOf({ status, headers }: Response, body: string, origin: string): CountersignError {
  const problem = ProblemAnswer.safeParse(parse(body));
  if (!problem.success) return withoutBody(status, headers) ?? foreign(origin, `status ${status}`);
  const { code, detail, instance, problems } = problem.data;
  if (status === 401) return withoutToken(detail);
  const message = status >= 500 ? `${detail} (${instance})` : detail;
  const details = {
    problems: problems.map(({ fix, ...rest }) => ({ ...rest, ...(fix === undefined ? {} : { fix }) })),
  };
  if (isKnown(code)) return new CountersignError(code, message, details);
  // Reasons why something does not count have codes of their own, and each release may have more of them.
  if (status === 403) return new Declined('forbidden', message, details);
  if (status === 409) return new Declined('conflict', message, details);
  return new CountersignError(status >= 500 ? 'unavailable' : 'invalid_input', message, details);
}

/** What HEAD is refused with: the headers say why. */
function withoutBody(status: number, headers: Headers): CountersignError | null {
  const challenge = headers.get('www-authenticate') ?? '';
  if (status === 401 && challenge !== '') return withoutToken('it is missing, unknown, expired or revoked');
  const scope = /scope="(\w+)"/.exec(challenge)?.[1];
  if (status !== 403 || scope === undefined) return null;
  return new CountersignError('forbidden', `the token lacks the scope "${scope}"`);
}

/** The error for an answer that no Countersign server gives. */
export function foreign(origin: string, what: string): CountersignError {
  return new CountersignError('unavailable', `${origin} does not answer like a Countersign server`, {
    problems: [{ where: origin, message: `got ${what}`, fix: 'check --url or COUNTERSIGN_URL' }],
  });
}

function withoutToken(detail: string): CountersignError {
  return new CountersignError('unauthenticated', 'the server wants a token that it knows', {
    problems: [
      {
        where: '--token-file or COUNTERSIGN_TOKEN',
        message: detail,
        fix: NEW_TOKEN,
      },
    ],
  });
}

function isKnown(code: string): code is ErrorCode {
  return (CODES as readonly string[]).includes(code);
}

const CODES: readonly ErrorCode[] = [
  'invalid_input',
  'not_found',
  'conflict',
  'unauthenticated',
  'forbidden',
  'digest_mismatch',
  'pipeline_not_trusted',
  'too_large',
  'unavailable',
  'integrity',
  'internal',
];

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

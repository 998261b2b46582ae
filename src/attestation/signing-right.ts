import { CountersignError, SIGNS, type SignerName } from '../domain/index.ts';
import { withArticle } from '../lib/index.ts';
import { type Checkpoint, ORIGIN } from './ledger/checkpoint.ts';
import type { PayloadKind, StatementPayload } from './payload.ts';

/** Sum up what the ledger holds, for others: the ledger's own word, and that of the monitor, which looks at it for itself. */
const SUMMARISE: readonly SignerName[] = ['ledger', 'monitor'];

/**
 * A text that starts with an origin is no DSSE payload: that has a space in its first line, and an origin has none.
 *
 * @throws CountersignError `forbidden` for a signer that does not speak for the ledger; `invalid_input` for no origin
 */
export function demandLedger(name: SignerName, { origin }: Checkpoint): void {
  if (!SIGNS[name].includes('ledger-view/v1'))
    throw new CountersignError('forbidden', `the signer ${name} may not sign a checkpoint`);
  if (!ORIGIN.test(origin))
    throw new CountersignError('invalid_input', `${JSON.stringify(origin)} is no origin of a log`);
}

/** @throws CountersignError `forbidden` for a kind of statement that is not this signer's to sign */
export function demandOwnKind(name: SignerName, { kind }: StatementPayload): void {
  const own: readonly PayloadKind[] = SUMMARISE.includes(name)
    ? [...SIGNS[name], 'verification summary']
    : SIGNS[name];
  if (own.includes(kind)) return;
  const may = own.length === 0 ? 'nothing' : own.join(', ');
  throw new CountersignError(
    'forbidden',
    `the signer ${name} may not sign ${withArticle(kind)}; it signs ${may}`,
  );
}

const JSON_START = '{'.charCodeAt(0);

/**
 * Nobody may get a statement or a checkpoint signed as a file: what is signed of those starts otherwise.
 *
 * @throws CountersignError `forbidden`
 */
export function demandFile(name: SignerName, bytes: Uint8Array): void {
  if (!SUMMARISE.includes(name)) throw new CountersignError('forbidden', `the signer ${name} signs no files`);
  if (bytes[0] !== JSON_START)
    throw new CountersignError('forbidden', 'only JSON objects are signed as files');
}

import { isIP } from 'node:net';
import { isEmail, isEmailOfUnknownDomain } from './email.ts';
import { isIban } from './iban.ts';
import {
  ahv,
  bsn,
  codiceFiscale,
  dni,
  fodselsnummer,
  hetu,
  nhs,
  nir,
  personnummer,
  pesel,
  rijksregister,
  steuerId,
  type Validator,
} from './national-ids.ts';
import { isPaymentCard } from './payment-card.ts';

/** One kind of personal datum and how it is found in text. */
export interface Detector {
  readonly id: string;
  /** In words, for a problem. */
  readonly label: string;
  /** Candidates, as they stand in running text. Global. */
  readonly pattern: RegExp;
  /** The test of a candidate: check digits, or for e-mail its syntax and domain. Without one it can only warn. */
  readonly valid?: Validator;
  /** How often a random candidate passes the test: what chance alone explains counts for nothing. */
  readonly chance: number;
  /** Names of columns that would hold it. */
  readonly column: RegExp;
}

/** A pattern that matches neither within a longer word or number nor beside the point of a decimal. */
const token = (source: string, flags = 'g') =>
  new RegExp(`(?<![\\w@-]|\\d\\.)(?:${source})(?![\\w@-]|\\.\\d)`, flags);

const checked = (
  id: string,
  label: string,
  source: string,
  valid: Validator,
  chance: number,
  column: RegExp,
): Detector => ({ id, label, pattern: token(source, 'gi'), valid, chance, column });

const hinted = (id: string, label: string, pattern: RegExp, column: RegExp, valid?: Validator) => ({
  id,
  label,
  pattern,
  chance: 1,
  column,
  ...(valid === undefined ? {} : { valid }),
});

const EMAIL =
  /[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![a-z0-9-])/gi;

/** What counts as a hit: everything here has a test beside its pattern. */
export const DETECTORS: readonly Detector[] = [
  { id: 'email', label: 'e-mail address', pattern: EMAIL, valid: isEmail, chance: 0, column: /e_?mail/ },
  checked('iban', 'IBAN', '[A-Z]{2}\\d{2}(?:[ -]?[A-Z0-9]){11,30}', ibanWithin, 0, /iban|bank_account/),
  checked(
    'payment_card',
    'payment card number',
    '\\d{4}(?:\\.\\d{4}){3}|\\d(?:[ -]?\\d){12,24}',
    cardWithin,
    0.1,
    /card|pan$|cc_?num/,
  ),
  checked(
    'de_steuer_id',
    'German tax number',
    '[1-9]\\d(?: ?\\d{3}){3}',
    steuerId,
    0.1,
    /steuer|tax_?id|idnr/,
  ),
  checked(
    'fr_nir',
    'French social security number',
    '[12] ?\\d{2} ?\\d{2} ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?\\d{2}',
    nir,
    1 / 97,
    /nir$|secu|insee/,
  ),
  checked('es_dni', 'Spanish DNI or NIE', '(?:\\d{8}|[XYZ]-?\\d{7})-?[A-Z]', dni, 1 / 23, /dni|nie$|nif/),
  checked(
    'it_codice_fiscale',
    'Italian codice fiscale',
    '[A-Z]{6}[A-Z0-9]{10}',
    codiceFiscale,
    1 / 26,
    /fiscale|^cf$/,
  ),
  checked('nl_bsn', 'Dutch BSN', '\\d{9}|\\d{4}\\.\\d{2}\\.\\d{3}', bsn, 1 / 11, /bsn|sofi/),
  checked('pl_pesel', 'Polish PESEL', '\\d{11}', pesel, 0.1, /pesel/),
  checked(
    'se_personnummer',
    'Swedish personal number',
    '(?:\\d{2})?\\d{6}[-+]?\\d{4}',
    personnummer,
    0.1,
    /personn/,
  ),
  checked('uk_nhs', 'NHS number', '\\d{3}[ -]?\\d{3}[ -]?\\d{4}', nhs, 1 / 11, /nhs/),
  checked(
    'be_rijksregister',
    'Belgian national number',
    '\\d{2}\\.?\\d{2}\\.?\\d{2}[- ]?\\d{3}[. ]?\\d{2}',
    rijksregister,
    2 / 97,
    /rijksreg|registre_nat|insz|niss/,
  ),
  checked(
    'fi_hetu',
    'Finnish personal identity code',
    '\\d{6}[-+A-FYXWVU]\\d{3}[0-9A-Y]',
    hetu,
    1 / 31,
    /hetu/,
  ),
  checked(
    'no_fodselsnummer',
    'Norwegian national number',
    '\\d{6} ?\\d{5}',
    fodselsnummer,
    1 / 100,
    /f[oø]dsels/,
  ),
  checked('ch_ahv', 'Swiss AHV number', '756\\.?\\d{4}\\.?\\d{4}\\.?\\d{2}', ahv, 0.1, /ahv|avs/),
];

/** What can only warn: a pattern that other things fit as well. */
export const HINTS: readonly Detector[] = [
  hinted(
    'phone',
    'phone number',
    token('\\+\\d{1,3}(?:[ ./()-]{0,2}\\d){7,12}'),
    /phone|mobile|telefon|^tel(?:_|$)/,
  ),
  hinted(
    'email_unknown_domain',
    'e-mail address under a domain that is not known',
    EMAIL,
    /e_?mail/,
    isEmailOfUnknownDomain,
  ),
  hinted(
    'us_ssn',
    'US social security number',
    token('(?!000|666|9\\d\\d)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}'),
    /ssn/,
  ),
  hinted(
    'ip',
    'IP address',
    token('\\d{1,3}(?:\\.\\d{1,3}){3}|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}', 'gi'),
    /^ip(?:_|$)|ip_?addr/,
    isPublicIp,
  ),
];

/** An IBAN may be followed by words, so that a candidate holds more than its country's length. */
function ibanWithin(candidate: string): boolean {
  const plain = candidate.replace(/[ -]/g, '');
  return Array.from({ length: Math.max(0, plain.length - 14) }, (_, cut) =>
    plain.slice(0, plain.length - cut),
  ).some(isIban);
}

/**
 * A card's number may be followed by its end and its check value, and then a candidate holds more than the number: the
 * number is a run of whole groups at its start.
 */
function cardWithin(candidate: string): boolean {
  const groups = candidate.split(/[ .-]/);
  return groups.some((_, end) => isPaymentCard(groups.slice(0, end + 1).join('')));
}

/** Addresses of nobody: private, loopback, link-local, documentation and unspecified ones. */
function isPublicIp(candidate: string): boolean {
  const reserved =
    /^(?:0|10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.0\.[02]|192\.168|198\.51\.100|203\.0\.113|22[4-9]|2[3-5]\d)\.|^(?:::1?$|f[cd]|fe80|2001:db8)/i;
  return isIP(candidate) !== 0 && !reserved.test(candidate);
}

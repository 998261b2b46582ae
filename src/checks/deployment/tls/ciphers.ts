import { type Finding, fails, unknown } from '../finding.ts';

/** Ciphers that hide nothing from those who listen, or prove nothing of the server: any of them undoes TLS. */
const BROKEN =
  /^(?:aNULL|eNULL|NULL|ADH|AECDH|EXP(?:ORT)?\d*|LOW|RC[24]|DES|3DES|IDEA|SEED|MD5|COMPLEMENTOFALL|ALL|COMPLEMENTOFDEFAULT)$/i;
/** Words of a cipher's own name by which it is one of those: `EXP-RC4-MD5`, `DES-CBC3-SHA`, `TLS_RSA_WITH_NULL_SHA`. */
const BROKEN_PART = /(?:^|[-_+])(?:NULL|ADH|AECDH|anon|EXP(?:ORT)?\d*|RC[24]|DES|3DES|MD5)(?:$|[-_+])/i;
/** Names that OpenSSL gives to groups of sound ciphers, and what strengthens or orders a list. */
const SOUND =
  /^(?:DEFAULT|HIGH|E?ECDH|ECDHE|DHE|EDH|kEECDH|kECDHE|kEDH|kDHE|aRSA|aECDSA|ECDSA|RSA|AES(?:128|256|GCM|CCM)?|AESGCM|CHACHA20|CAMELLIA\d*|ARIA\d*|SHA\d*|TLSv1(?:\.[0-3])?|PROFILE=SYSTEM|@STRENGTH|@SECLEVEL=[1-5])$/i;
/** A cipher by name, of IANA or of OpenSSL. */
const NAME =
  /^(?:TLS_[A-Z0-9_]+|(?:(?:ECDHE|DHE|EDH|ECDH|DH|RSA|ECDSA|PSK)-)*(?:AES|CHACHA20|CAMELLIA|ARIA)[A-Z0-9-]*)$/i;

/**
 * Reads OpenSSL's list of ciphers as nginx takes it: parts between `:`, of which `!X` and `-X` take away and `+X` only
 * moves. No list is nginx's own, HIGH without aNULL and MD5.
 */
export function nginxCiphers(where: string, list: string | undefined): Finding[] {
  if (list === undefined) return [];
  const parts = list
    .replace(/^(["'])(.*)\1$/, '$2')
    .split(/[:, ]+/)
    .filter((part) => part !== '');
  // `!X` takes away for good, wherever it stands; `-X` only what came before it.
  const banned = new Set(parts.flatMap((part) => (part.startsWith('!') ? part.slice(1).toLowerCase() : [])));
  const added = parts.filter((part) => !/^[!+-]/.test(part) && !banned.has(part.toLowerCase()));
  const weak = added.filter((part) => isBroken(part, banned));
  if (weak.length > 0)
    return [
      fails(
        where,
        `ssl_ciphers admits ${weak.join(', ')}: no encryption, no proof of the server, or one that is broken`,
        'set ssl_ciphers HIGH:!aNULL:!MD5',
      ),
    ];
  const strange = added.filter((part) => !isSound(part));
  if (strange.length > 0 || added.length === 0)
    return [
      unknown(
        where,
        `what ssl_ciphers ${list.slice(0, 80)} admits is not understood${strange.length > 0 ? `: ${strange.slice(0, 5).join(', ')}` : ''}`,
        'set ssl_ciphers HIGH:!aNULL:!MD5, or name the ciphers',
      ),
    ];
  return [];
}

function isBroken(part: string, banned: ReadonlySet<string>): boolean {
  if (/^@SECLEVEL=0$/i.test(part)) return true;
  // ALL is everything but eNULL: sound once the rest of what is broken is taken away.
  if (/^ALL$/i.test(part)) return !['anull', 'export', 'low', 'rc4', 'md5'].every((name) => banned.has(name));
  return BROKEN.test(part) || BROKEN_PART.test(part);
}

function isSound(part: string): boolean {
  return /^ALL$/i.test(part) || NAME.test(part) || part.split('+').every((piece) => SOUND.test(piece));
}

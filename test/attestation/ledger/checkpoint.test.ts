import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkpointText,
  createSigningKey,
  loadSigner,
  openCheckpoint,
  readCheckpoint,
} from '../../../src/attestation/index.ts';
import { parseNote, signatureBy, writeNote } from '../../../src/attestation/ledger/signed-note.ts';
import { ledgerSigners, SIGNS, type TrustedSigner } from '../../../src/domain/index.ts';

const ORIGIN = 'governance.example.com/ledger';
const HEAD = { origin: ORIGIN, treeSize: 7, root: 'ab'.repeat(32) };
const signer = loadSigner('ledger', createSigningKey().privateKey);
const trusted = (own = signer, name: TrustedSigner['name'] = 'ledger'): TrustedSigner => ({
  name,
  keyId: own.keyId,
  publicKey: own.publicKey,
  predicates: [...SIGNS[name]],
  validFrom: '2026-01-01T00:00:00.000Z',
});
const note = await signer.signCheckpoint(HEAD);

/** Published by the Sigstore project and by Google, with the keys that they were signed with. */
const REFERENCES = [
  {
    name: 'rekor.sigstore.dev',
    vkey: 'AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=',
    note: 'Rekor\n798034\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n\n— rekor.sigstore.dev wNI9ajBEAiARInWIWyCdyG27CO6LPnPekyw20qO0YJfoaPaowGp/XgIgc+qEHS3+GKVClgqq20uDLet7MCoTURUCRdxwWBHHufk=\n',
  },
  {
    name: 'pixel6_transparency_log',
    vkey: 'AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABN+4x0Jk1yTwvLFI9A4NDdGZcX0aiWVdWM5XJVy0M4VWD3AvyW5Q6Hs9A0mcDkpUoYgn+KKPNzFC0H3nN3q6JQ8=',
    note: 'DEFAULT\n10\nbsWRucJU5xJPHb5eBdOm6+DM+VelCZBuvtI3sHERJ9Y=\n\n— pixel6_transparency_log kcFuMDBFAiEAhqMAP8P6qf6QxtUJhzMhbN+MbZ9dwfUHzGQJmffJHtoCIGD0cNe47dHWBoPwYdgBCepB06/+g5O1FmYjXl06owL4\n',
  },
];

describe('a signed note', () => {
  it.each(REFERENCES)('of $name is verified with its key', ({ name, vkey, note: published }) => {
    const key = createPublicKey({
      key: Buffer.from(vkey, 'base64').subarray(1),
      format: 'der',
      type: 'spki',
    });
    const parsed = parseNote(published);
    expect(parsed && signatureBy(parsed, { name, key })).toBe('signed');
    expect(parsed && signatureBy(parsed, { name: 'another.example', key })).toBe('absent');
    const altered = parseNote(published.replace('0', '1').replace('8', '9'));
    expect(altered && signatureBy(altered, { name, key })).toBe('forged');
  });

  it('by an Ed25519 key has the key id and the signature that the specification shows', () => {
    const vkey = 'ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const raw = Buffer.from(vkey, 'base64').subarray(1);
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const written = writeNote('text\n', { name: 'PeterNeumann', key }, Buffer.alloc(64));
    const line = written.split(' ').at(-1) ?? '';
    expect(Buffer.from(line, 'base64').subarray(0, 4).toString('hex')).toBe('c74f20a3');
  });

  it('by an Ed25519 key of ours is verified', () => {
    const { privateKey, publicKey: key } = generateKeyPairSync('ed25519');
    const by = { name: ORIGIN, key };
    const signed = parseNote(writeNote('a\n\nb\n', by, sign(null, Buffer.from('a\n\nb\n'), privateKey)));
    expect(signed && signatureBy(signed, by)).toBe('signed');
    expect(signed?.text).toBe('a\n\nb\n');
  });

  it.each([
    ['no blank line', note.replace('\n\n', '\n')],
    ['CRLF', note.replaceAll('\n', '\r\n')],
    ['a control character', note.replace('7', '7\u0007')],
    ['no last newline', note.slice(0, -1)],
    ['no signature', checkpointText(HEAD)],
    ['an empty signature line', `${note}\n`],
    ['a hyphen for the dash', note.replace('—', '-')],
    ['a name with a plus', note.replace(`— ${ORIGIN}`, '— a+b')],
    ['an unpaired surrogate', note.replace('7', '\ud800')],
    ['base64 of another spelling', REFERENCES[0]?.note.replace('k=\n', 'l=\n') ?? note],
    ['too many signatures', `${note}${note.split('\n\n')[1]?.repeat(64)}`],
    ['nothing', ''],
  ])('is none with %s', (_what, text) => {
    expect(parseNote(text)).toBeNull();
  });
});

describe('a checkpoint', () => {
  it('is a note of origin, size and root, signed by the ledger', () => {
    expect(
      note.startsWith(`${ORIGIN}\n7\n${Buffer.from(HEAD.root, 'hex').toString('base64')}\n\n— ${ORIGIN} `),
    ).toBe(true);
    expect(openCheckpoint(note, [trusted()])).toMatchObject({ ok: true, checkpoint: HEAD });
    expect(readCheckpoint(note)).toEqual(HEAD);
  });

  it('counts beside signatures of witnesses, and with sixteen of them before its own', () => {
    const line = `— witness.example/w ${Buffer.alloc(68, 1).toString('base64')}\n`;
    const [text = '', own = ''] = note.split('\n\n');
    expect(openCheckpoint(`${text}\n\n${line.repeat(16)}${own}`, [trusted()]).ok).toBe(true);
    expect(openCheckpoint(`${text}\n\n${line}`, [trusted()])).toMatchObject({
      ok: false,
      message: 'it is signed by nobody who speaks for the ledger',
    });
  });

  it('is refused once any character of it is another', () => {
    const at = fc.integer({ min: 0, max: note.length - 1 });
    const other = fc.constantFrom('0', 'A', '/', '\n', 'é');
    fc.assert(
      fc.property(at, other, (index, character) => {
        fc.pre(note[index] !== character);
        const altered = note.slice(0, index) + character + note.slice(index + 1);
        expect(openCheckpoint(altered, [trusted()]).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a leading zero', `${ORIGIN}\n07\n`],
    ['a size beyond 2^53', `${ORIGIN}\n99999999999999999\n`],
    ['no origin', '\n7\n'],
  ])('is none with %s', (_what, start) => {
    const root = Buffer.from(HEAD.root, 'hex').toString('base64');
    const [, signature = ''] = note.split('\n\n');
    expect(readCheckpoint(`${start}${root}\n\n${signature}`)).toBeNull();
    expect(readCheckpoint(`${ORIGIN}\n7\n${root}\nmore\n\n${signature}`)).toBeNull();
  });

  it.each(['worker', 'approvals', 'monitor'] as const)(
    'is nothing that the %s signer signs',
    async (name) => {
      const other = loadSigner(name, createSigningKey().privateKey);
      await expect(other.signCheckpoint(HEAD)).rejects.toThrow(/may not sign a checkpoint/);
    },
  );

  it.each(['', 'a b', 'DSSEv1 28', 'a+b', 'a\nb'])('has no origin such as %j', async (origin) => {
    await expect(signer.signCheckpoint({ ...HEAD, origin })).rejects.toThrow(/no origin/);
  });
});

describe('ledgerSigners', () => {
  const policy = (...signers: TrustedSigner[]) => ({
    signers,
    pipelines: [],
    revoked: { statements: [], artifacts: [] },
    people: [],
  });
  const now = '2026-11-23T09:00:00.000Z';

  it('are those of the ledger at the time', () => {
    expect(ledgerSigners(policy(trusted()), [now])).toEqual([trusted()]);
    expect(ledgerSigners(policy({ ...trusted(), validUntil: now }), [now])).toEqual([]);
  });

  it('are none whose key may sign anything else, under whatever name', () => {
    expect(ledgerSigners(policy(trusted(), trusted(signer, 'approvals')), [now])).toEqual([]);
    expect(ledgerSigners(policy(trusted(), trusted(signer, 'worker')), [now])).toEqual([]);
  });
});

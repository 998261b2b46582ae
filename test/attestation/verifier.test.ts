import { createPublicKey, createSign, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createVerifier, loadSigner, signStatement } from '../../src/attestation/index.ts';
import { CountersignError } from '../../src/domain/index.ts';
import { sha256Hex } from '../../src/lib/index.ts';
import { forge, keyOf, payloadOf, preAuthEncoding, trusted } from './forge.ts';
import { ARTIFACT, stageResult } from './said.ts';
import {
  approvals,
  changed,
  expectFailure,
  good,
  signatureOf,
  signed,
  stranger,
  verifier,
  withPayload,
  withSignature,
  worker,
} from './verifying.ts';

it('builds its forgeries right: an unchanged one verifies', () => {
  const result = verifier.verify(forge(worker, { payload: good }));
  expect(result.ok && result.statement).toEqual(signed.statement);
});

describe('the key', () => {
  it('is found in the policy or nowhere (AT09)', () => {
    const payload = good;
    expectFailure(forge(stranger, { payload }), 'unknown_key', signed.id);
    for (const hint of [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'worker',
      worker.publicPem.slice(0, 200),
    ])
      expectFailure(forge(worker, { payload, hint }), 'unknown_key', signed.id);
  });

  it('is never tried because another might fit (AT09)', () => {
    expectFailure(forge(worker, { payload: good, hint: approvals.keyId }), 'bad_signature', signed.id);
    expectFailure(forge(stranger, { payload: good, hint: worker.keyId }), 'bad_signature', signed.id);
  });

  it('is the hinted one, whatever keyid the envelope claims', () => {
    const result = verifier.verify(
      changed((bundle) => {
        bundle.dsseEnvelope.signatures[0].keyid = approvals.keyId;
      }),
    );
    expect(result.ok && result.statement.keyId).toBe(worker.keyId);
  });

  it('says who signed, also where that signer may not sign such a thing: the judge decides', () => {
    const result = verifier.verify(forge(approvals, { payload: good }));
    expect(result.ok && result.statement.keyId).toBe(approvals.keyId);
  });

  it.each<[string, () => KeyObject]>([
    ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
    ['secp256k1', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ])('may not be %s in a policy, nor sign (AT10)', (_kind, make) => {
    const key = keyOf(make());
    expect(() => createVerifier({ signers: [trusted(key, 'worker')] })).toThrow(/P-256/);
    expect(() => loadSigner('worker', key.privatePem)).toThrow(/P-256/);
  });

  it('may be Ed25519 where that is chosen', async () => {
    const key = keyOf(generateKeyPairSync('ed25519').privateKey);
    expect(() => loadSigner('worker', key.privatePem)).toThrow(/P-256, found ed25519/);
    expect(() => loadSigner('worker', worker.privatePem, 'ed25519')).toThrow(
      /expected an Ed25519 key, found ec/,
    );
    const { bundle, id } = await signStatement(
      loadSigner('worker', key.privatePem, 'ed25519'),
      stageResult(),
      ARTIFACT,
    );
    const known = createVerifier({ signers: [trusted(key, 'worker')] });
    const result = known.verify(bundle);
    expect(result.ok && result.statement).toMatchObject({ id, keyId: key.keyId });
    const pae = preAuthEncoding('application/vnd.in-toto+json', payloadOf(bundle));
    expect(verify(null, pae, createPublicKey(key.publicPem), signatureOf(bundle))).toBe(true);
    expect(known.verify(forge(worker, { payload: good, hint: key.keyId })).ok).toBe(false);
  });

  it('is refused in a policy, every bad one named at once', () => {
    const wrongId = { ...trusted(worker, 'worker'), keyId: approvals.keyId };
    const secret = { ...trusted(worker, 'ledger'), publicKey: worker.privatePem };
    const broken = { ...trusted(worker, 'approvals'), publicKey: 'no key' };
    const error = caught(() =>
      createVerifier({ signers: [wrongId, secret, trusted(worker, 'worker'), broken] }),
    );
    expect(error.code).toBe('invalid_input');
    expect(error.problems.map(({ where }) => where)).toEqual([
      'signers[0] (worker)',
      'signers[1] (ledger)',
      'signers[3] (approvals)',
    ]);
    expect(JSON.stringify([error.message, error.problems])).not.toContain(worker.privatePem.split('\n')[1]);
  });

  it('opens nothing when the policy has no signers', () => {
    const result = createVerifier({ signers: [] }).verify(signed.bundle);
    expect(result.ok || result.failure.code).toBe('unknown_key');
  });
});

describe('the signature', () => {
  it('is over every byte of the payload', () => {
    const payload = payloadOf(signed.bundle);
    for (let index = 0; index < payload.length; index++) {
      const tampered = Buffer.from(payload);
      tampered[index] = (tampered[index] ?? 0) ^ 1;
      expectFailure(withPayload(tampered), 'bad_signature', sha256Hex(tampered));
    }
  });

  it('fails with any byte of it changed', () => {
    const sig = signatureOf(signed.bundle);
    for (let index = 0; index < sig.length; index++) {
      const tampered = Buffer.from(sig);
      tampered[index] = (tampered[index] ?? 0) ^ 1;
      expectFailure(withSignature(tampered), 'bad_signature', signed.id);
    }
  });

  it('fails for bytes added or cut', () => {
    const payload = payloadOf(signed.bundle);
    for (const tampered of [
      payload.subarray(1),
      payload.subarray(0, -1),
      Buffer.concat([payload, Buffer.of(10)]),
    ]) {
      expectFailure(withPayload(tampered), 'bad_signature', sha256Hex(tampered));
    }
  });

  it('is DER and over the DSSE encoding: no raw r||s, no bare payload, no other digest (AT10)', () => {
    const raw = { key: worker.privateKey, dsaEncoding: 'ieee-p1363' } as const;
    const encoded = preAuthEncoding('application/vnd.in-toto+json', good);
    const signatures = [
      sign('sha256', encoded, raw),
      sign('sha256', good, worker.privateKey),
      sign('sha512', encoded, worker.privateKey),
      createSign('sha256').update('DSSEv1').sign(worker.privateKey),
      Buffer.from([0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00]),
    ];
    for (const sig of signatures) {
      expectFailure(withSignature(sig), 'bad_signature', signed.id);
    }
  });

  it('in another spelling makes no other statement (AT17)', () => {
    const unpadded = (text: string) => text.replace(/=+$/, '');
    const urlSafe = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');
    const spellings = [
      changed((b) => {
        b.dsseEnvelope.payload = urlSafe(b.dsseEnvelope.payload);
      }),
      changed((b) => {
        b.dsseEnvelope.signatures[0].sig = unpadded(urlSafe(b.dsseEnvelope.signatures[0].sig));
      }),
      withSignature(otherForm(signatureOf(signed.bundle))),
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(signed.bundle)).reverse()), null, 2),
      forge(worker, { payload: good }),
    ];
    expect(new Set([signed.bundle, ...spellings]).size).toBeGreaterThanOrEqual(4);
    for (const spelling of spellings) {
      const result = verifier.verify(spelling);
      expect(result.ok && result.statement).toEqual(signed.statement);
    }
  });
});

function caught(act: () => unknown): CountersignError {
  try {
    act();
  } catch (error) {
    if (error instanceof CountersignError) return error;
  }
  throw new Error('expected a CountersignError');
}

/** The other signature (r, n - s) that is valid for the same bytes. */
function otherForm(der: Buffer): Buffer {
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
  const rLength = der[3] ?? 0;
  const r = der.subarray(4, 4 + rLength);
  const s = BigInt(`0x${der.subarray(6 + rLength).toString('hex')}`);
  const bytes = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex');
  const start = bytes.findIndex((byte) => byte !== 0);
  const short = bytes.subarray(start);
  const positive = (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), short]) : short;
  return Buffer.concat([
    Buffer.of(0x30, 4 + rLength + positive.length, 0x02, rLength),
    r,
    Buffer.of(0x02, positive.length),
    positive,
  ]);
}

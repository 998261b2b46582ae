import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { createVerifier } from '../../src/attestation/index.ts';
import type { BenchOptions, Reading } from '../bench.ts';
import { inTurns } from '../pairs.ts';
import { cpuSecondsOf } from './cpu-seconds.ts';
import { policy, record } from './record.ts';

const FULL = 20_000;

/** What crypto.verify needs of a bundle, unpacked beforehand. */
interface Bare {
  readonly key: KeyObject;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** Statements from their bundles' text to what they say, against the signature checks alone. */
export async function ofStatements({ scale, repetitions, say }: BenchOptions): Promise<Reading[]> {
  const count = Math.max(100, Math.round(FULL * scale));
  const bundles = Array.from(
    { length: count },
    (_, at) => record.statements[at % record.statements.length] ?? '',
  );
  const bare = bundles.map(unpack);
  const verifier = createVerifier(policy);
  say(`verifying ${count} statements ${repetitions} times in turns with bare crypto.verify`);
  const { ours, speedup } = await inTurns(
    repetitions,
    async () =>
      cpuSecondsOf(() =>
        demand(bare.every(({ key, signed, signature }) => verify('sha256', signed, key, signature))),
      ),
    async () => cpuSecondsOf(() => demand(bundles.every((bundle) => verifier.verify(bundle).ok))),
  );
  return [
    { name: 'statements: speed over bare crypto.verify', value: speedup, unit: 'ratio', atLeast: 0.7 },
    { name: 'statements: verified by one processor', value: count / ours, unit: '/s' },
  ];
}

function unpack(bundle: string): Bare {
  const { dsseEnvelope, verificationMaterial } = JSON.parse(bundle);
  const payload = Buffer.from(dsseEnvelope.payload, 'base64');
  const head = `DSSEv1 ${dsseEnvelope.payloadType.length} ${dsseEnvelope.payloadType} ${payload.length} `;
  const signer = policy.signers.find(({ keyId }) => keyId === verificationMaterial.publicKey.hint);
  return {
    key: keyOf(signer?.publicKey ?? ''),
    signed: Buffer.concat([Buffer.from(head), payload]),
    signature: Buffer.from(dsseEnvelope.signatures[0].sig, 'base64'),
  };
}

const keys = new Map<string, KeyObject>();
function keyOf(pem: string): KeyObject {
  const key = keys.get(pem) ?? createPublicKey(pem);
  keys.set(pem, key);
  return key;
}

function demand(holds: boolean): void {
  if (!holds) throw new Error('a statement of the example does not verify');
}

import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { canonicalJson } from '../../../src/lib/index.ts';

/** JSON to be bent. */
// biome-ignore lint/suspicious/noExplicitAny: every case bends another part
export type Loose = any;

const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const node = (left: Buffer, right: Buffer) => sha256(Buffer.of(1), left, right);

/** A line of a checkpoint that holds a signature (C2SP signed-note). */
export function signatureLine(name: string, keyId: Buffer, signature: Buffer): string {
  return `\u2014 ${name} ${Buffer.concat([keyId.subarray(0, 4), signature]).toString('base64')}\n`;
}

/** A transparency log of a test's own: Rekor v1 (P-256, signs promises) or v2 (Ed25519, does not). */
export class TestLog {
  readonly keys: { publicKey: KeyObject; privateKey: KeyObject };
  readonly spki: Buffer;
  readonly logId: Buffer;
  readonly version: 1 | 2;
  readonly name: string;

  constructor(version: 1 | 2, name: string) {
    this.version = version;
    this.name = name;
    this.keys =
      version === 1 ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
    this.spki = this.keys.publicKey.export({ type: 'spki', format: 'der' });
    this.logId = sha256(this.spki);
  }

  sign(text: string): Buffer {
    return sign(this.version === 1 ? 'sha256' : null, Buffer.from(text), this.keys.privateKey);
  }

  /** What the log signs of a tree. */
  checkpoint(size: number, root: Buffer, extra = ''): string {
    const note = `${this.name}\n${size}\n${root.toString('base64')}\n${extra}`;
    return `${note}\n${signatureLine(this.name, this.logId, this.sign(note))}`;
  }

  promise(body: Buffer, integratedTime: number, logIndex: number): string {
    const payload = {
      body: body.toString('base64'),
      integratedTime,
      logIndex,
      logID: this.logId.toString('hex'),
    };
    return this.sign(canonicalJson(payload)).toString('base64');
  }

  /** An entry as a bundle holds it: the third leaf of a tree of four. */
  entry(kind: string, version: string, spec: unknown, at: Date): Loose {
    const body = Buffer.from(canonicalJson({ apiVersion: version, kind, spec }));
    const [left, right] = [sha256(Buffer.from('left')), sha256(Buffer.from('right'))];
    const root = node(left, node(sha256(Buffer.of(0), body), right));
    const time = Math.floor(at.getTime() / 1000);
    const isFirst = this.version === 1;
    return {
      logIndex: '2',
      logId: { keyId: this.logId.toString('base64') },
      kindVersion: { kind, version },
      ...(isFirst
        ? {
            integratedTime: String(time),
            inclusionPromise: { signedEntryTimestamp: this.promise(body, time, 2) },
          }
        : {}),
      inclusionProof: {
        logIndex: '2',
        rootHash: root.toString('base64'),
        treeSize: '4',
        hashes: [right.toString('base64'), left.toString('base64')],
        checkpoint: { envelope: this.checkpoint(4, root) },
      },
      canonicalizedBody: body.toString('base64'),
    };
  }
}

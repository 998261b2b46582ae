import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type PackageContents,
  RecordPackage,
  readPackage,
  writePackage,
} from '../../src/attestation/index.ts';
import { judgeOffline } from '../../src/cli/verify/judge-offline.ts';
import { digestOf, TrustPolicy } from '../../src/domain/index.ts';
import { EXAMPLE } from '../support/example.ts';

const at = (name: string) => join(import.meta.dirname, '../../examples/offline', name);
const json = (name: string): unknown => JSON.parse(readFileSync(at(name), 'utf8'));
const record = RecordPackage.parse(json('record.json'));
const policy = TrustPolicy.parse(json('trust-policy.json'));
const archive = readFileSync(at('record.tar'));
const version = (name: string) => readFileSync(join(EXAMPLE, '4.1.2', name));
const documents = Object.entries(parse(version('evidence.yaml').toString()) as Record<string, string>)
  .map(([name, path]) => ({ name, bytes: version(path) }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
const manifest = documents.map(({ name, bytes }) => ({ digest: digestOf(bytes), name }));
const packed = (evidence: PackageContents['evidence']) =>
  writePackage({ record, policy: { policy, signed: null }, evidence });

describe('examples/offline', () => {
  it('is one record in two forms, the package with the evidence that the example was submitted with', () => {
    expect(packed({ mode: 'digest', manifests: [manifest], documents: [] }).equals(archive)).toBe(true);
    const opened = readPackage(archive);
    if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
    expect(opened.value.record).toEqual(record);
    const artifact = { digest: digestOf(version('model.onnx')), bytes: 1 };
    const question = { environment: 'production', now: issuedAt() };
    expect(judgeOffline({ record, policy, artifact }, question).allowed).toBe(true);
  });

  it('packs the documents inline under the digests that were signed, and names the one that was altered', () => {
    const bytes = documents.map((document) => document.bytes);
    const inline = packed({ mode: 'inline', manifests: [manifest], documents: bytes });
    expect(readPackage(inline)).toMatchObject({ ok: true, value: { evidence: { manifests: [manifest] } } });
    for (const document of bytes) {
      const altered = Buffer.from(inline);
      const middle = inline.indexOf(document) + document.length / 2;
      altered[Math.floor(middle)] = (altered[Math.floor(middle)] ?? 0) ^ 1;
      const path = `evidence/documents/${digestOf(document).slice(7)}`;
      expect(readPackage(altered)).toMatchObject({ ok: false, problems: [{ where: path }] });
    }
  });
});

/** The flags of `cosign verify-blob-attestation` that the package uses, as cosign 2.6 and 3 document them. */
const FLAGS = {
  '--key': 'path to the public key file',
  '--bundle': 'path to bundle FILE',
  '--type': 'a predicate type or an URI',
  '--digest': 'digest to use for verifying the in-toto subject, instead of a blob',
  '--digestAlg': 'its algorithm',
  '--insecure-ignore-tlog': 'no transparency log entry',
};

describe('the cosign commands in a package', () => {
  const files = filesIn(archive);
  const text = (path: string) => files.get(path)?.toString() ?? '';
  const commands = [...text('README.md').matchAll(/^ {4}(cosign .+)$/gm)].map(([, line = '']) =>
    line.split(' '),
  );

  it('are one for each statement, the view, and what is witnessed of it', () => {
    expect(commands).toHaveLength(record.statements.length + 2);
    expect(new Set(commands.map((words) => words[words.indexOf('--bundle') + 1])).size).toBe(commands.length);
  });

  it.each(commands)('%s %s %s %s … name files, a type and a digest that fit each other', (...words) => {
    expect(words.slice(0, 2)).toEqual(['cosign', 'verify-blob-attestation']);
    const flags = words.filter((word) => word.startsWith('--'));
    expect(flags).toEqual(Object.keys(FLAGS));
    const given = (flag: string) => words[words.indexOf(flag) + 1] ?? '';
    const bundle = JSON.parse(text(given('--bundle')));
    // What cosign demands of a bundle with a key and without a log.
    expect(bundle.mediaType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
    expect(bundle.verificationMaterial).toEqual({
      publicKey: { hint: expect.any(String) },
      timestampVerificationData: {},
    });
    const { payload, payloadType, signatures } = bundle.dsseEnvelope;
    expect([payloadType, signatures.length]).toEqual(['application/vnd.in-toto+json', 1]);
    const said = Buffer.from(payload, 'base64');
    const statement = JSON.parse(said.toString());
    expect(statement.predicateType).toBe(given('--type'));
    const digests = statement.subject.map(
      ({ digest }: { digest: Record<string, string> }) => digest[given('--digestAlg')],
    );
    expect(digests).toContain(given('--digest'));
    const head = `DSSEv1 ${payloadType.length} ${payloadType} ${said.length} `;
    const signed = Buffer.concat([Buffer.from(head), said]);
    const key = createPublicKey(text(given('--key')));
    expect(verify('sha256', signed, key, Buffer.from(signatures[0].sig, 'base64'))).toBe(true);
  });
});

/** The files of a tar, read by the format's own rules and not by our reader. */
function filesIn(tar: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let from = 0; tar[from] !== 0; ) {
    const name = tar
      .subarray(from, from + 100)
      .toString()
      .replace(/\0.*$/s, '');
    const size = Number.parseInt(tar.subarray(from + 124, from + 135).toString(), 8);
    files.set(name, tar.subarray(from + 512, from + 512 + size));
    from += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

function issuedAt(): string {
  return JSON.parse(Buffer.from(JSON.parse(record.view).dsseEnvelope.payload, 'base64').toString()).predicate
    .issuedAt;
}

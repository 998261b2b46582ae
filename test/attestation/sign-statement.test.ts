import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVerifier, loadSigner, signStatement } from '../../src/attestation/index.ts';
import {
  CountersignError,
  type Predicate,
  SIGNER_NAMES,
  SIGNS,
  type SignerName,
} from '../../src/domain/index.ts';
import { codePoint } from '../support/code-point.ts';
import { payloadOf, type TestKey, testKey, trusted } from './forge.ts';
import { ARTIFACT, EXAMPLES, ledgerView, OTHER, stageResult } from './said.ts';

const keys: Record<SignerName, TestKey> = {
  worker: testKey(),
  approvals: testKey(),
  ledger: testKey(),
  monitor: testKey(),
};
const signerOf = (name: SignerName) => loadSigner(name, keys[name].privatePem);
const policy = { signers: SIGNER_NAMES.map((name) => trusted(keys[name], name)) };
const verifier = createVerifier(policy);

function authorOf({ kind }: Predicate): SignerName {
  const name = SIGNER_NAMES.find((candidate) => SIGNS[candidate].includes(kind));
  if (name === undefined) throw new Error(`nobody signs ${kind}`);
  return name;
}

async function refusal(promise: Promise<unknown>): Promise<CountersignError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof CountersignError) return error;
  throw new Error(`expected a refusal, got ${String(error)}`);
}

describe('signStatement', () => {
  it.each(EXAMPLES.map((example) => [example().kind, example()] as const))(
    'signs a %s so that our verifier gives it back',
    async (kind, predicate) => {
      const name = authorOf(predicate);
      const signed = await signStatement(signerOf(name), predicate, ARTIFACT);
      const result = verifier.verify(signed.bundle);
      expect(result).toEqual({ ok: true, statement: signed.statement });
      expect(signed.statement).toEqual({
        id: signed.id,
        subject: ARTIFACT.digest,
        keyId: keys[name].keyId,
        kind,
        body: predicate.body,
      });
      expect(signed).toMatchObject({ kind, subject: ARTIFACT.digest });
    },
  );

  it('names a statement by the SHA-256 of its payload bytes', async () => {
    const { bundle, id } = await signStatement(signerOf('worker'), stageResult(), ARTIFACT);
    expect(id).toBe(createHash('sha256').update(payloadOf(bundle)).digest('hex'));
  });

  it('writes an in-toto Statement v1 whose subjects are the artifact and its equivalents, apart', async () => {
    const { bundle } = await signStatement(signerOf('worker'), stageResult(), ARTIFACT);
    const statement = JSON.parse(payloadOf(bundle).toString());
    const [equivalent] = ARTIFACT.equivalents;
    expect(statement).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        { digest: { sha256: ARTIFACT.digest.slice(7) } },
        { digest: { sha256: equivalent?.digest.slice(7) } },
      ],
      predicateType: 'https://countersign.dev/stage-result/v1',
      predicate: stageResult().body,
    });
  });

  it('gives a ledger view the one subject that it speaks of', async () => {
    const { bundle } = await signStatement(signerOf('ledger'), ledgerView(), ARTIFACT);
    expect(JSON.parse(payloadOf(bundle).toString()).subject).toEqual([
      { digest: { sha256: ARTIFACT.digest.slice(7) } },
    ]);
  });

  it('writes a v0.3 bundle with one signature, the key only hinted at', async () => {
    const { bundle } = await signStatement(signerOf('worker'), stageResult(), ARTIFACT);
    const json = JSON.parse(bundle);
    expect(json.mediaType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
    expect(json.verificationMaterial.publicKey).toEqual({ hint: keys.worker.keyId });
    expect(json.dsseEnvelope.signatures).toHaveLength(1);
    expect(json.dsseEnvelope.payloadType).toBe('application/vnd.in-toto+json');
    expect(bundle).not.toContain('PRIVATE');
  });

  it('keeps the id when another key signs the same, and when it is said again', async () => {
    const other = loadSigner('worker', testKey().privatePem);
    const [first, again, resigned] = await Promise.all(
      [signerOf('worker'), signerOf('worker'), other].map((signer) =>
        signStatement(signer, stageResult(), ARTIFACT),
      ),
    );
    expect(again?.id).toBe(first?.id);
    expect(resigned?.id).toBe(first?.id);
    expect(resigned?.statement.keyId).not.toBe(first?.statement.keyId);
  });

  it('does not depend on the order in which a predicate was written', async () => {
    const { body } = stageResult();
    const backwards = Object.fromEntries(Object.entries(body).reverse()) as typeof body;
    const signer = signerOf('worker');
    const ids = await Promise.all(
      [body, backwards].map((each) =>
        signStatement(signer, { kind: 'stage-result/v1', body: each }, ARTIFACT).then(({ id }) => id),
      ),
    );
    expect(ids[0]).toBe(ids[1]);
  });

  it('round-trips any text', async () => {
    const signer = signerOf('worker');
    const anyText = fc.string({ unit: codePoint, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(anyText, async (stage) => {
        const predicate = { kind: 'stage-result/v1', body: { ...stageResult().body, stage } } as const;
        const { bundle } = await signStatement(signer, predicate, ARTIFACT);
        const result = verifier.verify(bundle);
        expect(result.ok && result.statement.body).toEqual(predicate.body);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a signer', () => {
  it.each(
    SIGNER_NAMES.flatMap((name) =>
      EXAMPLES.map((example) => example())
        .filter(({ kind }) => !SIGNS[name].includes(kind))
        .map((predicate) => [name, predicate.kind, predicate] as const),
    ),
  )('%s refuses to sign a %s', async (name, kind, predicate) => {
    const error = await refusal(signStatement(signerOf(name), predicate, ARTIFACT));
    expect(error.code).toBe('forbidden');
    expect(error.message).toContain(name);
    expect(error.message).toContain(kind);
  });

  it.each([
    ['a member too many', { ...stageResult().body, note: 'x' }, 'note'],
    ['a member missing', { ...stageResult().body, outcome: undefined }, 'outcome'],
    ['a local time', { ...stageResult().body, performedAt: '2026-11-23T10:00:00+01:00' }, 'performedAt'],
    ['an upper-case digest', { ...stageResult().body, pipeline: `sha256:${'A'.repeat(64)}` }, 'pipeline'],
  ])('refuses a predicate with %s and names the place', async (_what, body, place) => {
    const predicate = { kind: 'stage-result/v1', body } as unknown as ReturnType<typeof stageResult>;
    const error = await refusal(signStatement(signerOf('worker'), predicate, ARTIFACT));
    expect(error.code).toBe('invalid_input');
    expect(error.message).toContain(place);
  });

  it('refuses a kind that there is not, even one that every object has', async () => {
    for (const kind of ['approval/v2', 'constructor', '__proto__']) {
      const predicate = { kind, body: {} } as unknown as ReturnType<typeof stageResult>;
      expect((await refusal(signStatement(signerOf('worker'), predicate, ARTIFACT))).code).toBe(
        'invalid_input',
      );
    }
  });

  it('refuses to say about one artifact what speaks of another', async () => {
    for (const [name, predicate] of [
      ['worker', stageResult()],
      ['ledger', ledgerView()],
    ] as const) {
      const error = await refusal(signStatement(signerOf(name), predicate, OTHER));
      expect(error.code).toBe('invalid_input');
      expect(error.message).toContain(OTHER.digest);
    }
    const claimed = { ...ARTIFACT, equivalents: OTHER.equivalents };
    expect((await refusal(signStatement(signerOf('worker'), stageResult(), claimed))).code).toBe(
      'invalid_input',
    );
  });

  it('refuses text that has no canonical form', async () => {
    const predicate = { kind: 'stage-result/v1', body: { ...stageResult().body, stage: '\ud800' } } as const;
    const error = await refusal(signStatement(signerOf('worker'), predicate, ARTIFACT));
    expect(error.code).toBe('invalid_input');
    expect(error.message).toContain('surrogate');
  });
});

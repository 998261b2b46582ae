import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { canonicalJson, sha256Hex } from '../../src/lib/index.ts';
import { forge, statementBytes } from './forge.ts';
import { ARTIFACT, OTHER, stageResult } from './said.ts';
import { DIGESTS, expectFailure, good, signed, TYPE, verifier, worker } from './verifying.ts';

describe('the statement', () => {
  const statement = JSON.parse(good.toString());
  const text = good.toString();

  it.each<[string, Uint8Array | string]>([
    ['no JSON', 'approved'],
    ['a byte order mark', `\ufeff${text}`],
    ['invalid UTF-8', Buffer.concat([good.subarray(0, -1), Buffer.of(0xc3, 0x28, 0x7d)])],
    ['invalid UTF-8 within a text', spliced('model_card', Buffer.of(0x6d, 0xff, 0x64))],
    ['an overlong encoding within a text', spliced('model_card', Buffer.of(0xc1, 0xad))],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['text after the end', `${text} x`],
    ['a line break after the end', `${text}\n`],
    ['white space within', JSON.stringify(statement, null, 1)],
    ['members in another order', JSON.stringify(Object.fromEntries(Object.entries(statement).reverse()))],
    ['a member twice', text.replace('"outcome":"passed"', '"outcome":"failed","outcome":"passed"')],
    ['a needless escape', text.replace('model_card', 'model\\u005fcard')],
    ['a lone surrogate', text.replace('"model_card"', '"\\ud800"')],
    ['nesting without end', '['.repeat(100_000)],
    ['nesting without end, closed', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['no object', '[]'],
    ['null', 'null'],
    ['another _type', canonicalJson({ ...statement, _type: 'https://in-toto.io/Statement/v0.1' })],
    ['a member too many', canonicalJson({ ...statement, note: 1 })],
    ['a __proto__ member', `{"__proto__":{},${text.slice(1)}`],
    ['no subject', canonicalJson({ ...statement, subject: [] })],
    [
      'a subject by name',
      canonicalJson({ ...statement, subject: [{ name: 'model.onnx', ...statement.subject[0] }] }),
    ],
    ['another subject (AT06)', statementBytes(TYPE, stageResult().body, [OTHER.digest])],
    ['a subject too few', statementBytes(TYPE, stageResult().body, DIGESTS.slice(0, 1))],
    ['a subject too many', statementBytes(TYPE, stageResult().body, [...DIGESTS, OTHER.digest])],
    ['its subjects in another order', statementBytes(TYPE, stageResult().body, [...DIGESTS].reverse())],
    ['an upper-case digest', canonicalJson({ ...statement, subject: upperCase(statement.subject) })],
    [
      'two algorithms of one subject',
      canonicalJson({
        ...statement,
        subject: [{ digest: { sha256: ARTIFACT.digest.slice(7), sha512: 'x' } }, statement.subject[1]],
      }),
    ],
    [
      'a predicate of another shape',
      statementBytes(TYPE, { ...stageResult().body, outcome: 'skipped' }, DIGESTS),
    ],
    ['a predicate with a member too many', statementBytes(TYPE, { ...stageResult().body, note: 1 }, DIGESTS)],
    ['no predicate', canonicalJson({ ...statement, predicate: undefined })],
    [
      'another kind of predicate (AT04)',
      statementBytes('https://countersign.dev/governance-record/v1', stageResult().body, DIGESTS),
    ],
  ])('is refused with %s, though signed by the right key', (_what, payload) => {
    expectFailure(forge(worker, { payload }), 'malformed_statement', sha256Hex(Buffer.from(payload)));
  });

  it.each([
    'https://countersign.dev/stage-result/v2',
    'https://countersign.dev/stage-result/v1/',
    'https://countersign.dev/STAGE-RESULT/v1',
    'http://countersign.dev/stage-result/v1',
    'https://countersign.dev.evil.example/stage-result/v1',
    'stage-result/v1',
    'https://slsa.dev/provenance/v1',
    '__proto__',
    '',
  ])('is refused as %j (AT04)', (predicateType) => {
    const payload = statementBytes(predicateType, stageResult().body, DIGESTS);
    expectFailure(forge(worker, { payload }), 'unknown_predicate', sha256Hex(payload));
  });

  it('with a prefix of the digest in common is still about other bytes (AT06)', () => {
    const near = {
      ...ARTIFACT,
      digest: digestOf('near').replace(/^(sha256:).{32}/, ARTIFACT.digest.slice(0, 39)),
    };
    const payload = statementBytes(TYPE, { ...stageResult().body, artifact: near }, DIGESTS);
    expectFailure(forge(worker, { payload }), 'malformed_statement');
  });

  it('says which stage of which model under which pipeline it is about (AT05)', () => {
    const body = signed.statement.body;
    expect(body).toMatchObject({ stage: 'model_card', modelId: 'fraud-detection', modelVersion: '4.1.2' });
    const other = statementBytes(TYPE, { ...stageResult().body, stage: 'security_review' }, DIGESTS);
    const result = verifier.verify(forge(worker, { payload: other }));
    expect(result.ok && result.statement.id).not.toBe(signed.id);
  });
});

function upperCase(subjects: readonly { digest: { sha256: string } }[]): unknown {
  return subjects.map((subject) => ({ digest: { sha256: subject.digest.sha256.toUpperCase() } }));
}

/** The good statement's bytes with a text in it replaced by other bytes. */
function spliced(text: string, bytes: Uint8Array): Buffer {
  const start = good.indexOf(text);
  return Buffer.concat([good.subarray(0, start), bytes, good.subarray(start + text.length)]);
}

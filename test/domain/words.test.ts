import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Artifact,
  CountersignError,
  Digest,
  digestOf,
  digestOfJson,
  fileArtifact,
  hexOf,
  Instant,
  invalidInput,
  KeyId,
  ModelId,
  ModelVersion,
  modelName,
  OUTCOMES,
  PersonId,
  peopleOf,
  Role,
  rolesAt,
  shortDigest,
  stageOutcome,
} from '../../src/domain/index.ts';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, values: readonly unknown[]) =>
  values.map((value) => schema.safeParse(value).success);
const all = (values: readonly unknown[], verdict: boolean) => values.map(() => verdict);

describe('an instant', () => {
  it('is RFC 3339 in UTC with milliseconds, so that text order is time order', () => {
    const good = ['2026-11-23T09:30:00.000Z', '2024-02-29T23:59:59.999Z'];
    const bad = [
      '2026-11-23T09:30:00Z',
      '2026-11-23T09:30:00.0000Z',
      '2026-11-23T09:30:00.000+00:00',
      '2026-11-23 09:30:00.000Z',
      '2026-02-29T00:00:00.000Z',
      '2026-13-01T00:00:00.000Z',
      '2026-11-23T24:00:00.000Z',
      '2026-11-23T09:30:00.000z',
      '+12026-11-23T09:30:00.000Z',
      '2026-11-23',
      1795426200000,
    ];
    expect(accepts(Instant, good)).toEqual(all(good, true));
    expect(accepts(Instant, bad)).toEqual(all(bad, false));
  });
});

describe('a digest', () => {
  it('is spelled in one way', () => {
    const hex = 'a1'.repeat(32);
    const bad = [
      hex,
      `sha256:${hex.toUpperCase()}`,
      `sha256:${hex}0`,
      `SHA256:${hex}`,
      `sha512:${hex}`,
      `sha256:${hex}\n`,
      '',
    ];
    expect(accepts(Digest, [`sha256:${hex}`])).toEqual([true]);
    expect(accepts(Digest, bad)).toEqual(all(bad, false));
  });

  it('is that of the bytes, and of a text its UTF-8 form', () => {
    expect(hexOf(digestOf('ü'))).toBe(
      createHash('sha256')
        .update(Buffer.from([0xc3, 0xbc]))
        .digest('hex'),
    );
    expect(digestOfJson({ b: 1, a: [2] })).toBe(digestOf('{"a":[2],"b":1}'));
    expect(shortDigest(digestOf(''))).toBe('sha256:e3b0c44298fc…');
  });
});

describe('an artifact', () => {
  it('of one file has the OpenSSF root that is the hash of its hash', () => {
    const { digest, equivalents } = fileArtifact(digestOf('weights'));
    const root = createHash('sha256').update(createHash('sha256').update('weights').digest()).digest('hex');
    expect(digest).toBe(digestOf('weights'));
    expect(equivalents).toEqual([{ scheme: 'oms_root', digest: `sha256:${root}` }]);
    expect(Artifact.safeParse(fileArtifact(digest)).success).toBe(true);
  });
});

describe('names', () => {
  it('of models and versions are plain, and a version has one spelling', () => {
    const bad = [
      '',
      '-rf',
      '--help',
      'a b',
      'a/b',
      '../x',
      '$(id)',
      'a;b',
      'a\n',
      'ü',
      '.x',
      'x'.repeat(129),
      1.1,
      null,
    ];
    expect(accepts(ModelId, ['fraud-detection', 'a', 'A.b_c-1', 'x'.repeat(128)])).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(accepts(ModelId, bad)).toEqual(all(bad, false));
    expect(accepts(ModelVersion, ['4.1.2', '1.10', '2026-11-23', 'vanilla', '1.0+build.5', 'V'])).toEqual(
      all([1, 2, 3, 4, 5, 6], true),
    );
    const versions = [...bad, 'v1', 'v1.0', 'V1.0'];
    expect(accepts(ModelVersion, versions)).toEqual(all(versions, false));
    expect(modelName({ modelId: 'fraud-detection', modelVersion: '4.1.2' })).toBe('fraud-detection@4.1.2');
  });

  it('of people, roles and keys are plain', () => {
    expect(accepts(PersonId, ['lea', 'l.e-a_1', '9'])).toEqual([true, true, true]);
    expect(accepts(PersonId, ['Lea', '', '.l', 'l a', 'x'.repeat(65), '__proto__'])).toEqual(
      all(Array(6).fill(0), false),
    );
    expect(accepts(Role, ['ml_lead', 'Role', '1role', 'a-b', ''])).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    const id = Buffer.alloc(32, 7).toString('base64');
    expect(accepts(KeyId, [id, id.slice(0, -1), `${id}=`, id.replace('=', 'A')])).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('roles', () => {
  const people = peopleOf([
    {
      id: 'lea',
      roles: [
        { role: 'always' },
        { role: 'from', from: '2026-02-01T00:00:00.000Z' },
        { role: 'until', until: '2026-02-01T00:00:00.000Z' },
        { role: 'again', until: '2026-01-01T00:00:00.000Z' },
        { role: 'again', from: '2026-03-01T00:00:00.000Z' },
      ],
    },
  ]);
  const held = (time: string) => [...rolesAt(people, 'lea', time)].sort();

  it('are held from their first instant until the last is over', () => {
    expect(held('2025-12-31T23:59:59.999Z')).toEqual(['again', 'always', 'until']);
    expect(held('2026-01-31T23:59:59.999Z')).toEqual(['always', 'until']);
    expect(held('2026-02-01T00:00:00.000Z')).toEqual(['always', 'from']);
    expect(held('2026-03-01T00:00:00.000Z')).toEqual(['again', 'always', 'from']);
  });

  it('are none for a person whom nobody knows', () => {
    expect(rolesAt(people, 'nobody', '2026-02-01T00:00:00.000Z').size).toBe(0);
    expect(rolesAt(people, 'constructor', '2026-02-01T00:00:00.000Z').size).toBe(0);
  });
});

describe('the outcome of a stage', () => {
  it('is its worst check, and nothing is passed for lack of checks', () => {
    expect(stageOutcome([])).toBe('insufficient_evidence');
    expect(stageOutcome(['not_applicable'])).toBe('not_applicable');
    expect(stageOutcome(['not_applicable', 'passed'])).toBe('passed');
  });

  it('is passed only if every check that applies passed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...OUTCOMES), { minLength: 1 }), (outcomes) => {
        const fine = outcomes.every((outcome) => outcome === 'passed' || outcome === 'not_applicable');
        expect(stageOutcome(outcomes) === 'passed').toBe(fine && outcomes.includes('passed'));
        expect(stageOutcome([...outcomes].reverse())).toBe(stageOutcome(outcomes));
        expect(outcomes).toContain(stageOutcome(outcomes));
      }),
    );
  });
});

describe('an error', () => {
  it('carries its code, its problems and its cause', () => {
    const cause = new Error('disk');
    const error = new CountersignError('unavailable', 'no storage', { cause });
    expect(error).toMatchObject({ name: 'CountersignError', code: 'unavailable', problems: [], cause });
    expect(new CountersignError('internal', 'x')).not.toHaveProperty('cause');
  });

  it('of bad input lists every problem with place and remedy', () => {
    const error = invalidInput('the pipeline', [
      { where: 'p.yaml:1:2', message: 'unknown key "x"' },
      { where: 'p.yaml:3:4', message: 'expected text', fix: 'quote it' },
    ]);
    expect(error.code).toBe('invalid_input');
    expect(error.message).toBe(
      'the pipeline is not valid:\np.yaml:1:2: unknown key "x"\np.yaml:3:4: expected text (quote it)',
    );
  });
});

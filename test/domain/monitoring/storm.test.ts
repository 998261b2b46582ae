import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FINDING_KINDS, type FindingKind, groupStorms, TOLD_ONE_BY_ONE } from '../../../src/domain/index.ts';

const { ofKind, inMinute } = TOLD_ONE_BY_ONE;
const many = (count: number, kind: FindingKind = 'missing_record') =>
  Array.from({ length: count }, () => ({ finding: { kind } }));
const shape = ({ alone, storms }: ReturnType<typeof groupStorms>) => [
  alone.length,
  storms.map(({ kind, findings }) => [kind, findings.length]),
];

it('tells a few one by one', () => {
  expect(shape(groupStorms(many(ofKind), 0))).toEqual([ofKind, []]);
});

it('tells many of a kind together, and others beside them alone', () => {
  const fresh = [...many(ofKind + 1), ...many(2, 'hash_mismatch')];
  expect(shape(groupStorms(fresh, 0))).toEqual([2, [['missing_record', ofKind + 1]]]);
});

it('tells together what comes on top of what was told in the last minute', () => {
  const fresh = [...many(2), ...many(2, 'hash_mismatch')];
  expect(shape(groupStorms(fresh, inMinute - 4))).toEqual([4, []]);
  expect(shape(groupStorms(fresh, inMinute - 3))).toEqual([0, [[null, 4]]]);
  expect(shape(groupStorms(many(3), inMinute))).toEqual([0, [['missing_record', 3]]]);
});

it('makes no storm of one', () => {
  expect(shape(groupStorms(many(1), 1000))).toEqual([1, []]);
});

it('loses none and tells none twice, whatever comes', () => {
  const kinds = fc.array(fc.constantFrom(...FINDING_KINDS), { maxLength: 60 });
  fc.assert(
    fc.property(kinds, fc.nat(30), (all, before) => {
      const fresh = all.map((kind) => ({ finding: { kind } }));
      const { alone, storms } = groupStorms(fresh, before);
      const told = [...alone, ...storms.flatMap(({ findings }) => findings)];
      expect(new Set(told)).toEqual(new Set(fresh));
      expect(told).toHaveLength(fresh.length);
      expect(alone.length).toBeLessThanOrEqual(Math.max(1, inMinute));
    }),
  );
});

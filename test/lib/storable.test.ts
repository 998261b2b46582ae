import { describe, expect, it } from 'vitest';
import { canonicalJson, storable } from '../../src/lib/index.ts';

describe('storable', () => {
  it('replaces what neither Postgres nor canonical JSON can hold, in keys too', () => {
    const hostile = { 'a\u0000': ['x\u0000y', '\uD800', { deep: 'z\uDFFF' }], fine: '𝄞', n: 1, no: null };
    const stored = storable(hostile);
    expect(stored).toEqual({
      'a\uFFFD': ['x\uFFFDy', '\uFFFD', { deep: 'z\uFFFD' }],
      fine: '𝄞',
      n: 1,
      no: null,
    });
    expect(() => canonicalJson(stored)).not.toThrow();
  });
});

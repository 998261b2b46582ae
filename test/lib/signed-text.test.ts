import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSignedText, newTextKey, publicHalfOf, signText } from '../../src/lib/index.ts';
import { codePoint } from '../support/code-point.ts';

const [key, other] = [newTextKey(), newTextKey()];

it('is signed by its key and as it is alone', () => {
  const property = fc.property(fc.string({ unit: codePoint }), (text) => {
    const signature = signText(key, text);
    expect(isSignedText(publicHalfOf(key), text, signature)).toBe(true);
    expect(isSignedText(publicHalfOf(key), `${text}.`, signature)).toBe(false);
    expect(isSignedText(publicHalfOf(other), text, signature)).toBe(false);
  });
  fc.assert(property, { numRuns: 20 });
});

it.each(['', 'no signature', 'A'.repeat(86)])('is not signed by %j', (signature) => {
  expect(isSignedText(publicHalfOf(key), 'text', signature)).toBe(false);
});

it('is held to no key that is none', () => {
  expect(() => isSignedText('no key', 'text', signText(key, 'text'))).toThrow();
});

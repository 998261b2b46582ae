import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newOpeningKey, openText, publicHalfOf, sealText } from '../../src/lib/index.ts';
import { codePoint } from '../support/code-point.ts';

const key = newOpeningKey();
const other = newOpeningKey();
const box = sealText(publicHalfOf(key), 'secret', 'about this');

describe('a sealed text', () => {
  it('opens for whom and with what it was sealed alone', () => {
    const anyText = fc.string({ unit: codePoint });
    const property = fc.property(anyText, anyText, (text, about) => {
      const sealed = sealText(publicHalfOf(key), text, about);
      expect(openText(key, sealed, about)).toBe(text);
      expect(openText(key, sealed, `${about}.`)).toBeNull();
      expect(openText(other, sealed, about)).toBeNull();
    });
    fc.assert(property, { numRuns: 20 });
  });

  it('is another each time', () => {
    expect(sealText(publicHalfOf(key), 'secret', 'about this')).not.toBe(box);
  });

  it('opens with no byte of it altered, lost or added', () => {
    const [sender, sealed] = box.split('.').map((part) => Buffer.from(part, 'base64url')) as [Buffer, Buffer];
    const join = (one: Uint8Array, other: Uint8Array) =>
      [one, other].map((part) => Buffer.from(part).toString('base64url')).join('.');
    const flipped = (bytes: Buffer, at: number) => bytes.map((byte, n) => (n === at ? byte ^ 1 : byte));
    for (const at of sender.keys())
      expect(openText(key, join(flipped(sender, at), sealed), 'about this')).toBeNull();
    for (const at of sealed.keys()) {
      expect(openText(key, join(sender, flipped(sealed, at)), 'about this')).toBeNull();
      expect(openText(key, join(sender, sealed.subarray(0, at)), 'about this')).toBeNull();
    }
    expect(openText(key, join(sender, Buffer.concat([sealed, Buffer.of(0)])), 'about this')).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['no key', 'AAAA.AAAA'],
    ['a key of another kind', `${rsa()}.${box.split('.')[1]}`],
    ['a point of another curve', `${ec('P-384')}.${box.split('.')[1]}`],
  ])('is not %s', (_, wrong) => {
    expect(openText(key, wrong, 'about this')).toBeNull();
  });
});

function rsa(): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
}

function ec(namedCurve: string): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve });
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
}

import { expect, it } from 'vitest';
import { rememberingVerifier } from '../../src/attestation/index.ts';
import { forge } from './forge.ts';
import { good, verifier, withSignature, worker } from './verifying.ts';

/** A verifier that remembers so many, and counts what it verifies. */
function counting(most?: number) {
  const asked: string[] = [];
  const verify = (bundle: string) => {
    asked.push(bundle);
    return verifier.verify(bundle);
  };
  return { asked, verifier: rememberingVerifier({ ...verifier, verify }, most) };
}

// ECDSA signs the same bytes otherwise each time.
const [first, second, third] = [0, 1, 2].map(() => forge(worker, { payload: good })) as [
  string,
  string,
  string,
];

it('verifies a bundle once, and says the same of it again', () => {
  const { asked, verifier: remembering } = counting();
  expect(remembering.verify(first)).toEqual(verifier.verify(first));
  expect(remembering.verify(first)).toEqual(verifier.verify(first));
  expect(asked).toEqual([first]);
});

it('knows a bundle by its whole text: the same statement under another signature is verified', () => {
  const { verifier: remembering } = counting();
  expect(remembering.verify(forge(worker, { payload: good })).ok).toBe(true);
  expect(remembering.verify(withSignature(Buffer.alloc(64))).ok).toBe(false);
});

it('remembers nothing that does not verify, is very long, or is no Unicode', () => {
  const { asked, verifier: remembering } = counting();
  for (const text of ['{}', `${first}${' '.repeat(64 * 1024)}`, `${first}\ud800`])
    for (const _ of [1, 2]) remembering.verify(text);
  expect(asked).toHaveLength(6);
});

it('forgets what was asked about longest ago', () => {
  const { asked, verifier: remembering } = counting(2);
  for (const bundle of [first, second, first, third, first, second]) remembering.verify(bundle);
  expect(asked).toEqual([first, second, third, second]);
});

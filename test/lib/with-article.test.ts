import { expect, it } from 'vitest';
import { withArticle } from '../../src/lib/index.ts';

it.each([
  ['an approval-request/v1', 'approval-request/v1'],
  ['an override/v1', 'override/v1'],
  ['a stage-result/v1', 'stage-result/v1'],
])('says %s', (said, noun) => {
  expect(withArticle(noun)).toBe(said);
});

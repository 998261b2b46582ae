import { describe, expect, it } from 'vitest';
import { placeholderReason, thinReason } from '../../src/checks/placeholder.ts';

describe('placeholderReason', () => {
  it.each([
    '',
    '   \n\t',
    'TODO',
    'tbd.',
    'N/A',
    'n/a',
    'none',
    '-',
    '...',
    '???',
    '[More Information Needed]',
    'More information needed',
    'Lorem ipsum dolor sit amet, consectetur adipiscing elit',
    '{{ model_summary }}',
    '{{ users | default("[More Information Needed]", true)}}',
    'This model is {model_name}.',
    '<!-- Provide a longer summary of what this model is. -->',
    '<!-- never closed',
    'The value of the performance metric.',
    'Who are the intended users of the model?',
    'Owner: [your name]',
    'Retention is TBD until the audit.',
  ])('refuses %j', (text) => {
    expect(placeholderReason(text)).toBeDefined();
  });

  it.each([
    'None known as of 2026-11-01.',
    'Fraud analysts',
    'Scores {amount, merchant} pairs against a JSON like {"a": 1}.',
    'Not used for employment decisions.',
    '反洗錢模型用於交易監控',
    'We test robustness; an example is given in the annex.',
    '<!-- note --> Accuracy falls below 0.6 for new merchants.',
  ])('accepts %j', (text) => {
    expect(placeholderReason(text)).toBeUndefined();
  });
});

describe('thinReason', () => {
  it('counts letters and digits, not punctuation', () => {
    expect(thinReason('a b c . . . . . . . . . . . . . .', 10)).toBe(
      'is too short: 3 of at least 10 letters: "a b c . . . . . . . . . . . . . ."',
    );
    expect(thinReason('A sentence of some length.', 10)).toBeUndefined();
  });
});

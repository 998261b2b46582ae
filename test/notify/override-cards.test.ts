import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OverrideRefusal } from '../../src/domain/index.ts';
import { HOUR } from '../../src/lib/index.ts';
import {
  documentationNote,
  documentModal,
  escaped,
  overrideCard,
  overrideModal,
  overrideReceipt,
  overrideRefusalNote,
  skippedNote,
} from '../../src/notify/index.ts';
import { codePoint } from '../support/code-point.ts';
import { OVERRIDE, OVERRIDE_CARDS } from './override-samples.ts';
import { digest } from './samples.ts';
import { messageProblems, viewProblems } from './slack-limits.ts';

/** An object, so that the compiler misses a name that is new. */
const REFUSALS = Object.keys({
  unknown_person: 0,
  no_role: 0,
  submitter_or_author: 0,
  not_allowed: 0,
  too_long: 0,
  reason_required: 0,
  unknown_artifact: 0,
  not_overridable: 0,
  already_governed: 0,
  already_open: 0,
  undocumented: 0,
  role_unconfirmed: 0,
  changed_meanwhile: 0,
  account_barred: 0,
  not_waiting: 0,
  same_person: 0,
  already_documented: 0,
  nothing_to_document: 0,
} satisfies Record<OverrideRefusal, 0>) as OverrideRefusal[];

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const nameOf = (person: string): string => escaped(person, 80);
const NOTICE = { notice: 'notice-1', override: OVERRIDE, cardUrl: 'https://slack.example/card', nameOf };
const RULES = { allowed: true, secondPerson: true, longest: 72 * HOUR, documentation: 72 * HOUR };
const FORM = {
  ...{ modelId: 'fraud-detection', modelVersion: '4.1.2', environment: 'production', channel: 'C0APPROVALS' },
  ...{ artifact: OVERRIDE.artifact.digest, view: digest('d'), unmet: OVERRIDE.unmet, earlier: 1, ...RULES },
};

describe('what is said of overrides, as it was last agreed on', () => {
  it.each(Object.entries(OVERRIDE_CARDS))('card, %s', async (name, card) => {
    const message = overrideCard(card);
    expect(messageProblems(message)).toEqual([]);
    await expect(pretty(message)).toMatchFileSnapshot(`golden/override-card-${name.replace(' ', '-')}.txt`);
  });

  it.each([
    ['modal', overrideModal(FORM)],
    ['document-modal', documentModal(OVERRIDE, { button: 'presentation-1', channel: 'C0APPROVALS' })],
  ])('%s', async (name, form) => {
    expect(viewProblems(form)).toEqual([]);
    await expect(pretty(form)).toMatchFileSnapshot(`golden/override-${name}.txt`);
  });

  it('every refusal, receipt and notice', async () => {
    const facts = {
      ...{ modelId: 'fraud-detection', modelVersion: '4.1.2', environment: 'production' },
      ...{ account: { team: 'T0TEST', user: 'U0X' }, rules: RULES, reasons: OVERRIDE.unmet },
    };
    const notes = {
      ...Object.fromEntries(REFUSALS.map((refusal) => [refusal, overrideRefusalNote(refusal, facts)])),
      granted: overrideReceipt('granted', { ...OVERRIDE, needsConfirmation: false }),
      'granted, waits': overrideReceipt('granted', OVERRIDE),
      confirmed: overrideReceipt('confirmed', OVERRIDE),
      documented: overrideReceipt('documented', OVERRIDE),
      skipped: skippedNote(NOTICE),
      reminder: documentationNote(NOTICE, 'reminder'),
      overdue: documentationNote(NOTICE, 'overdue'),
    };
    for (const message of Object.values(notes)) expect(messageProblems(message)).toEqual([]);
    const said = Object.entries(notes).map(([name, { text }]) => `${name}:\n  ${text}\n`);
    await expect(said.join('\n')).toMatchFileSnapshot('golden/override-notes.txt');
  });
});

/** What Slack reads as markup. */
function markupIn(message: unknown): string[] {
  const found: string[] = [];
  JSON.stringify(message, (_key, value: unknown) => {
    const object = value as { type?: unknown; text?: unknown } | null;
    if (object?.type === 'mrkdwn' && typeof object.text === 'string') found.push(object.text);
    return value;
  });
  return found;
}

describe('whatever people write', () => {
  const text = fc.oneof(
    fc.string({ unit: codePoint, maxLength: 200 }),
    fc.constantFrom('<!channel>', '<@U0BOSS>', '```', '`', '&'.repeat(4000), '\u202Eevil\0', ':tada:'),
  );
  it('stays within the limits of Slack, and calls nobody', () => {
    const given = fc.record({
      modelId: text,
      modelVersion: text,
      environment: text,
      reason: fc.option(text),
      reference: fc.option(text),
      documentation: fc.option(text),
      unmet: fc.array(fc.record({ message: text }), { maxLength: 100 }),
      informed: fc.array(text, { maxLength: 40 }),
    });
    fc.assert(
      fc.property(given, fc.constantFrom(...Object.values(OVERRIDE_CARDS)), (changes, card) => {
        const override = { ...card.override, ...changes };
        const said = [overrideCard({ ...card, override, nameOf }), skippedNote({ ...NOTICE, override })];
        for (const message of said) {
          expect(messageProblems(message)).toEqual([]);
          for (const markup of markupIn(message)) expect(markup).not.toMatch(/<(?:[@#]|!(?!date\^))/);
        }
        const { modelId, modelVersion, environment, unmet } = override;
        expect(
          viewProblems(
            overrideModal({
              ...FORM,
              modelId: modelId.slice(0, 128),
              modelVersion: modelVersion.slice(0, 128),
              environment: environment.slice(0, 100),
              unmet,
            }),
          ),
        ).toEqual([]);
      }),
      { numRuns: 100, endOnFailure: true, interruptAfterTimeLimit: 3000 },
    );
  });
});

import {
  modelName,
  type OverrideRefusal,
  type OverrideRules,
  type PersonId,
  type Reason,
  type SlackAccount,
} from '../../../domain/index.ts';
import { HOUR } from '../../../lib/index.ts';
import { context, section } from '../block.ts';
import { type Message, message, note } from '../message.ts';
import { code, escaped, link, time } from '../text.ts';
import type { ShownOverride } from './override-card.ts';
import { unmetLines } from './override-modal.ts';
import type { NamePerson } from './people.ts';

/** What a refusal speaks of. */
export interface OverrideRefusalFacts {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly environment: string;
  readonly account: SlackAccount;
  /** The rules for the model there; null where they do not matter. */
  readonly rules: OverrideRules | null;
  /** What the policy says of the bytes. */
  readonly reasons: readonly Pick<Reason, 'message'>[];
}

const NOTHING = 'Nothing was recorded.';

const SENTENCES: Readonly<Record<OverrideRefusal, (facts: OverrideRefusalFacts) => string[]>> = {
  unknown_person: ({ account }) => [
    `I do not know who you are: the Slack account ${code(`${account.team}/${account.user}`, 80)} is not in the people map. ${NOTHING}`,
    'Ask whoever runs Countersign to add it under `people:` in `countersign.yaml`.',
  ],
  no_role: (facts) => [
    `Only an override officer (${code('override_officer', 40)}) may override ${nameOf(facts)}, and you are none. ${NOTHING}`,
    'Ask somebody who holds the role; `roles:` under `people:` in `countersign.yaml` says who does.',
  ],
  submitter_or_author: (facts) => [
    `You submitted or made ${nameOf(facts)}, so you may not override it. ${NOTHING}`,
    'Ask another override officer.',
  ],
  not_allowed: (facts) => [
    `${nameOf(facts)} may not be overridden in ${where(facts)}: a pipeline of it forbids that, or none counts there. ${NOTHING}`,
    'Have it governed, or roll back to the last governed version.',
  ],
  too_long: ({ rules, ...about }) => [
    `An override of ${nameOf(about)} may last ${rules === null ? 'no longer than its pipelines say' : `at most ${rules.longest / HOUR} hours`}. ${NOTHING}`,
    'Give the command again with fewer hours.',
  ],
  reason_required: () => [`An override needs a reason. ${NOTHING}`, 'Give the command again and say why.'],
  unknown_artifact: (facts) => [
    `I cannot tell which bytes ${nameOf(facts)} is: it was never submitted, and no one digest is seen deployed under that name in ${where(facts)}. ${NOTHING}`,
    'Check the name, or submit the model version first.',
  ],
  not_overridable: (facts) => [
    `${nameOf(facts)} cannot be overridden by anybody. ${NOTHING}`,
    ...unmetLines(facts.reasons, 5),
    'Prohibited systems, rejections, revocations and a ledger that does not verify always stand. Roll back to the last governed version.',
  ],
  already_governed: (facts) => [
    `${nameOf(facts)} is governed in ${where(facts)}: it needs no override. ${NOTHING}`,
    `See ${code(`/governance status ${modelName(facts)}`, 300)}.`,
  ],
  already_open: (facts) => [
    `An override of ${nameOf(facts)} in ${where(facts)} is in force, or waits for its confirmation. ${NOTHING}`,
    'Its card stands in the approval channel.',
  ],
  undocumented: (facts) => [
    `An earlier override of ${escaped(facts.modelId, 200)} is not documented, and that is overdue. ${NOTHING}`,
    'Document it on its card in the approval channel; then give the command again.',
  ],
  role_unconfirmed: () => [
    `I could not ask Slack just now whether you hold the role, and what I know is too old. ${NOTHING}`,
    'Try again in a moment.',
  ],
  changed_meanwhile: (facts) => [
    `${nameOf(facts)} is not what the form showed any more: other bytes were submitted meanwhile, or the policy says something else of them. ${NOTHING}`,
    `Look at it again: give the command ${code(`/governance override ${modelName(facts)}`, 300)} once more.`,
  ],
  account_barred: ({ account }) => [
    `Slack says that the account ${code(`${account.team}/${account.user}`, 80)} is a guest's, a bot's, deactivated, or of another workspace. Such accounts may not override. ${NOTHING}`,
    'Use your own full account in this workspace.',
  ],
  not_waiting: (facts) => [
    `The override of ${nameOf(facts)} does not wait for a confirmation any more. ${NOTHING}`,
    'Its card says how it stands.',
  ],
  same_person: (facts) => [
    `You asked for the override of ${nameOf(facts)} yourself; the second person must be another one. ${NOTHING}`,
    'Ask another override officer to confirm it.',
  ],
  already_documented: (facts) => [
    `The override of ${nameOf(facts)} is documented already. ${NOTHING}`,
    'Its card shows the documentation.',
  ],
  nothing_to_document: (facts) => [
    `The override of ${nameOf(facts)} was never good, so there is nothing to document. ${NOTHING}`,
    'Its card says how it stands.',
  ],
};

/** Why an override, its confirmation or its documentation does not count, for who tried. Pure. */
export function overrideRefusalNote(refusal: OverrideRefusal, facts: OverrideRefusalFacts): Message {
  return note(...SENTENCES[refusal](facts));
}

/** What was recorded of an override. */
export type OverrideDeed = 'granted' | 'confirmed' | 'documented';

/** The receipt for who overrode, confirmed or documented. Pure. */
export function overrideReceipt(
  deed: OverrideDeed,
  override: ShownOverride & { needsConfirmation: boolean },
): Message {
  const { expiresAt, documentationDueAt, needsConfirmation } = override;
  const isGood = deed === 'confirmed' || !needsConfirmation;
  const good = `It may serve traffic in ${where(override)} until ${time(expiresAt)}. Its documentation is due ${time(documentationDueAt)}.`;
  switch (deed) {
    case 'granted':
      return note(
        `🚨 Recorded: you overrode ${nameOf(override)}.`,
        isGood ? good : 'It is not good yet: another override officer must confirm it on its card.',
      );
    case 'confirmed':
      return note(`🚨 Recorded: you confirmed the override of ${nameOf(override)}.`, good);
    case 'documented':
      return note(`✅ Recorded: you documented the override of ${nameOf(override)}.`, 'It is settled.');
  }
}

/** What a notice about an override is made of. */
export interface OverrideNotice {
  /** By which the message is found again. */
  readonly notice: string;
  readonly override: ShownOverride;
  /** Where the card stands; null where that is not known. */
  readonly cardUrl: string | null;
  readonly nameOf: NamePerson;
}

/** Tells an approver that they were passed over. Pure. */
export function skippedNote({ override, nameOf: name, ...notice }: OverrideNotice): Message {
  const { person, confirmedBy, reason, expiresAt } = override;
  const by = [person, confirmedBy].flatMap((one: PersonId | null) => (one === null ? [] : [name(one)]));
  const line = `🚨 *${escaped(modelName(override), 300)}* was overridden by ${by.join(' and ')}: it may serve traffic in ${where(override)} until ${time(expiresAt)} without your approval.`;
  return told(notice, line, reason === null ? [] : [`> ${escaped(reason, 1000)}`]);
}

/** Reminds of the documentation, or says that it is overdue. Pure. */
export function documentationNote(
  { override, ...notice }: OverrideNotice,
  news: 'reminder' | 'overdue',
): Message {
  const about = `of *${escaped(modelName(override), 300)}* in ${where(override)}`;
  const due = time(override.documentationDueAt);
  if (news === 'reminder')
    return told(notice, `⏰ The override ${about} is to be documented by ${due}.`, [DOCUMENT_IT]);
  return told(notice, `🔴 The override ${about} is not documented; that was due ${due}.`, [
    `No version of ${escaped(override.modelId, 200)} can be overridden until it is. ${DOCUMENT_IT}`,
  ]);
}

const DOCUMENT_IT = 'Click Document… on its card.';

function told(
  { notice, cardUrl }: Omit<OverrideNotice, 'override' | 'nameOf'>,
  line: string,
  rest: readonly string[],
): Message {
  const card = cardUrl === null ? 'Its card is in the approval channel.' : link(cardUrl, 'Open the card');
  return message(line, [section(line, ...rest), context(card)], {
    event_type: 'countersign_notice',
    event_payload: { notice },
  });
}

function nameOf(about: Pick<ShownOverride, 'modelId' | 'modelVersion'>): string {
  return `*${escaped(modelName(about), 300)}*`;
}

function where({ environment }: { readonly environment: string }): string {
  return `*${escaped(environment, 100)}*`;
}

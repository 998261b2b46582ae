import {
  type Digest,
  type Instant,
  modelName,
  type OverrideStanding,
  type PersonId,
  type Reason,
} from '../../../domain/index.ts';
import { actions, type Block, type Button, context, header, plainText, section } from '../block.ts';
import { firstThatFits, type Message, message } from '../message.ts';
import { code, escaped, fullDigest, listed, time } from '../text.ts';
import { repeatLines, unmetLines } from './override-modal.ts';
import type { NamePerson } from './people.ts';

/** The buttons of an override's card, by action id. */
export const CONFIRM_OVERRIDE_ACTION = 'override.confirm';
export const DOCUMENT_OVERRIDE_ACTION = 'override.open_documentation';

/** An override as people are shown it. */
export interface ShownOverride {
  readonly id: string;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly environment: string;
  readonly artifact: { readonly digest: Digest };
  readonly person: PersonId;
  /** Null once it was erased. */
  readonly reason: string | null;
  readonly reference: string | null;
  readonly unmet: readonly Pick<Reason, 'message'>[];
  /** The approvers who were passed over. */
  readonly informed: readonly PersonId[];
  readonly grantedAt: Instant;
  readonly expiresAt: Instant;
  readonly documentationDueAt: Instant;
  readonly confirmedBy: PersonId | null;
  readonly confirmedAt: Instant | null;
  readonly documentedBy: PersonId | null;
  readonly documentedAt: Instant | null;
  readonly documentation: string | null;
}

/** What a card is made of. */
export interface OverrideCard extends OverrideStanding {
  /** By which the card is found again. */
  readonly presentationId: string;
  /** The value of its buttons. */
  readonly button: string;
  readonly override: ShownOverride;
  /** How many overrides of the model there were in the 90 days before it. */
  readonly earlier: number;
  readonly nameOf: NamePerson;
}

/** The card of an override: loud while it is open, and what is left to do. Pure. */
export function overrideCard(card: OverrideCard): Message {
  const { override, presentationId } = card;
  const headline = `${headlineOf(card)}: ${modelName(override)}`;
  const blocks = firstThatFits([
    () => blocksOf(card, { unmet: 10, words: 1200 }),
    () => blocksOf(card, { unmet: 3, words: 300 }),
  ]);
  return message(escaped(`${headline} in ${override.environment}`, 500), blocks, {
    event_type: 'countersign_notice',
    event_payload: { notice: presentationId },
  });
}

/** How the card is headed, by what is most pressing. */
function headlineOf({ phase, documentation }: OverrideStanding): string {
  if (documentation === 'overdue') return '🔴 Override undocumented';
  switch (phase) {
    case 'waiting':
      return '🟠 Override waits for a second person';
    case 'lapsed':
      return '⌛ Override lapsed, nobody confirmed it';
    case 'in_force':
      return '🚨 Override in force';
    case 'ended':
      return documentation === 'documented' ? '⚪ Override ended' : '🟠 Override ended, document it';
  }
}

interface Measure {
  readonly unmet: number;
  readonly words: number;
}

function blocksOf(card: OverrideCard, { unmet, words }: Measure): readonly Block[] {
  const { override, nameOf, phase } = card;
  const buttons = buttonsOf(card);
  return [
    header(`${headlineOf(card)}: ${override.modelId} ${override.modelVersion}`),
    section(...meaning(card), ...repeatLines(override.modelId, card.earlier)),
    section(fullDigest(override.artifact.digest)),
    section(...who(card, words)),
    section('*What the policy says instead*', ...unmetLines(override.unmet, unmet)),
    ...(phase === 'waiting' || phase === 'lapsed'
      ? []
      : [section(`*Passed over, and told:* ${listed(override.informed.map(nameOf), 15)}`)]),
    section(...documentationLines(card, words)),
    ...(buttons.length === 0 ? [] : [actions(...buttons)]),
    context(`Granted ${time(override.grantedAt)} · ${code(`override ${override.id}`, 120)}`),
  ];
}

function meaning({ override, phase }: OverrideCard): string[] {
  const name = `*${escaped(modelName(override), 300)}*`;
  const where = `*${escaped(override.environment, 100)}*`;
  const until = time(override.expiresAt);
  switch (phase) {
    case 'waiting':
      return [
        `${name} must not serve traffic in ${where} yet.`,
        `Another override officer must confirm this before ${until}.`,
      ];
    case 'lapsed':
      return [`${name} was never let serve traffic in ${where}: nobody confirmed it by ${until}.`];
    case 'in_force':
      return [`${name} may serve traffic in ${where}, though it is not governed, until *${until}*.`];
    case 'ended':
      return [`Since ${until} this override lets ${name} serve no traffic in ${where} any more.`];
  }
}

function who({ override, nameOf }: OverrideCard, words: number): string[] {
  const { person, reason, reference, confirmedBy, confirmedAt } = override;
  const said = reason === null ? [] : [`> ${escaped(reason, words)}`];
  const about = reference === null ? [] : [`*Reference:* ${escaped(reference, 300)}`];
  const second =
    confirmedBy === null || confirmedAt === null
      ? []
      : [`*Confirmed by* ${nameOf(confirmedBy)}, ${time(confirmedAt)}`];
  return [`*Overridden by* ${nameOf(person)} as override officer`, ...said, ...about, ...second];
}

function documentationLines({ override, documentation, nameOf }: OverrideCard, words: number): string[] {
  const due = time(override.documentationDueAt);
  switch (documentation) {
    case 'none':
      return ['*Documentation:* none is owed for what was never good.'];
    case 'due':
      return [`*Documentation:* due ${due}. Whoever knows what happened gives it below.`];
    case 'overdue':
      return [
        `*Documentation:* overdue since ${due}. Until it is given, no version of ${escaped(override.modelId, 200)} can be overridden.`,
      ];
    case 'documented':
      return documented(override, nameOf, words);
  }
}

function documented(override: ShownOverride, nameOf: NamePerson, words: number): string[] {
  const { documentedBy, documentedAt, documentation } = override;
  const by = documentedBy === null ? '' : ` by ${nameOf(documentedBy)}`;
  const at = documentedAt === null ? '' : `, ${time(documentedAt)}`;
  const said = documentation === null ? [] : [`> ${escaped(documentation, words)}`];
  return [`✅ *Documented*${by}${at}`, ...said];
}

function buttonsOf({ button: value, phase, documentation, override }: OverrideCard): Button[] {
  if (phase === 'waiting') return [confirmButton(value, override)];
  if (documentation !== 'due' && documentation !== 'overdue') return [];
  return [
    {
      type: 'button',
      action_id: DOCUMENT_OVERRIDE_ACTION,
      text: plainText('Document…', 75),
      value,
      style: 'primary',
    },
  ];
}

function confirmButton(value: string, override: ShownOverride): Button {
  return {
    type: 'button',
    action_id: CONFIRM_OVERRIDE_ACTION,
    text: plainText('Confirm', 75),
    value,
    style: 'danger',
    confirm: {
      title: plainText(`Override ${modelName(override)}?`, 100),
      text: plainText(
        // First the bytes: a long environment may be cut off.
        `${override.artifact.digest} may then serve traffic, though it is not governed, in ${override.environment}.`,
        300,
      ),
      confirm: plainText('Confirm', 30),
      deny: plainText('Not yet', 30),
      style: 'danger',
    },
  };
}

import { type ApprovalView, endingOf, modelName } from '../../../domain/index.ts';
import { type Block, type ModalView, plainText, section } from '../block.ts';
import { escaped, fullDigest } from '../text.ts';
import { REASON_LIMIT } from './reject-modal.ts';
import { whereItServes } from './where-it-serves.ts';
import { TIER_IN_WORDS } from './words.ts';

/** The modal in which an approval is confirmed, by callback id, and its fields. */
export const APPROVE_VIEW = 'approval.confirm';
export const COMMENT_BLOCK = 'comment';
export const COMMENT_INPUT = 'text';
export const RETYPE_BLOCK = 'retype';
export const RETYPE_INPUT = 'ending';

/** What the modal carries back to us; the person who fills it in cannot change it. */
export interface ApproveContext {
  readonly button: string;
  /** Where the card stands, for the answer; null where Slack did not say. */
  readonly channel: string | null;
  /** What must be retyped; null where nothing must. */
  readonly ending: string | null;
}

/** What the modal is made of. */
export interface ApproveForm extends Omit<ApproveContext, 'ending'> {
  readonly view: ApprovalView;
}

/** The modal that shows once more what is approved, takes a comment and, where the pipeline demands it, the digest's end. Pure. */
export function approveModal({ view, button, channel }: ApproveForm): ModalView {
  const ending = view.confirmation === 'retype' ? endingOf(view.artifact.digest) : null;
  const context: ApproveContext = { button, channel, ending };
  return {
    type: 'modal',
    callback_id: APPROVE_VIEW,
    private_metadata: JSON.stringify(context),
    title: plainText('Approve', 24),
    submit: plainText('Approve', 24),
    close: plainText('Not yet', 24),
    blocks: [
      section(
        `*${escaped(modelName(view), 300)}* (${TIER_IN_WORDS[view.riskTier]})`,
        `It may then serve traffic in ${whereItServes(view)}, if it is these bytes:`,
      ),
      section(fullDigest(view.artifact.digest)),
      ...(ending === null ? [] : [retypeField()]),
      commentField(),
      section('Your decision is signed with your name and kept.'),
    ],
  };
}

function retypeField(): Block {
  return {
    type: 'input',
    block_id: RETYPE_BLOCK,
    label: plainText('Last six characters of the digest', 100),
    hint: plainText('Read them off what you tested, so that you approve those bytes and no others.', 150),
    element: {
      type: 'plain_text_input',
      action_id: RETYPE_INPUT,
      multiline: false,
      max_length: 80,
      placeholder: plainText('six characters, 0–9 and a–f', 100),
    },
  };
}

function commentField(): Block {
  return {
    type: 'input',
    block_id: COMMENT_BLOCK,
    optional: true,
    label: plainText('Comment', 100),
    element: {
      type: 'plain_text_input',
      action_id: COMMENT_INPUT,
      multiline: true,
      max_length: REASON_LIMIT,
      placeholder: plainText('Shown on the card.', 100),
    },
  };
}

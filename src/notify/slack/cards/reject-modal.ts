import { type ApprovalView, modelName } from '../../../domain/index.ts';
import { type ModalView, plainText, section } from '../block.ts';
import { escaped, fullDigest } from '../text.ts';
import { TIER_IN_WORDS } from './words.ts';

/** The modal that asks for a reason, by callback id, and its one field. */
export const REJECT_VIEW = 'approval.reject';
export const REASON_BLOCK = 'reason';
export const REASON_INPUT = 'text';
/** Most characters of a reason. */
export const REASON_LIMIT = 2000;

/** What a modal carries back to us; the person who fills it in cannot change it. */
export interface RejectContext {
  readonly button: string;
  /** Where the card stands, for the answer; null where Slack did not say. */
  readonly channel: string | null;
}

/** The modal that asks why a model version is rejected, and shows once more which one. Pure. */
export function rejectModal(view: ApprovalView, context: RejectContext): ModalView {
  return {
    type: 'modal',
    callback_id: REJECT_VIEW,
    private_metadata: JSON.stringify(context),
    title: plainText('Reject', 24),
    submit: plainText('Reject', 24),
    close: plainText('Cancel', 24),
    blocks: [
      section(
        `*${escaped(modelName(view), 300)}* (${TIER_IN_WORDS[view.riskTier]})`,
        fullDigest(view.artifact.digest),
      ),
      section('One rejection closes the request for everybody. It is signed with your name.'),
      {
        type: 'input',
        block_id: REASON_BLOCK,
        label: plainText('What has to change?', 100),
        element: {
          type: 'plain_text_input',
          action_id: REASON_INPUT,
          multiline: true,
          max_length: REASON_LIMIT,
          placeholder: plainText('Whoever submitted it reads this.', 100),
        },
      },
    ],
  };
}

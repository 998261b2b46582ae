import { modelName } from '../../../domain/index.ts';
import { type ModalView, plainText, section } from '../block.ts';
import { escaped, time } from '../text.ts';
import type { ShownOverride } from './override-card.ts';

/** The form in which an override is documented, by callback id, and its one field. */
export const DOCUMENT_VIEW = 'override.document';
export const DOCUMENTATION_BLOCK = 'documentation';
export const DOCUMENTATION_INPUT = 'documentation';
/** Most characters of the documentation: Slack's own limit of a field. */
export const DOCUMENTATION_LIMIT = 3000;

/** What the form carries back to us. */
export interface DocumentFormContext {
  readonly button: string;
  readonly channel: string | null;
}

/** The form that asks what happened, and what was done since. Pure. */
export function documentModal(override: ShownOverride, context: DocumentFormContext): ModalView {
  return {
    type: 'modal',
    callback_id: DOCUMENT_VIEW,
    private_metadata: JSON.stringify(context),
    title: plainText('Document override', 24),
    submit: plainText('Document', 24),
    close: plainText('Cancel', 24),
    blocks: [
      section(
        `*${escaped(modelName(override), 300)}* in *${escaped(override.environment, 100)}*, overridden ${time(override.grantedAt)}`,
        `Due ${time(override.documentationDueAt)}. It is signed with your name, and settles the override.`,
      ),
      {
        type: 'input',
        block_id: DOCUMENTATION_BLOCK,
        label: plainText('What happened, and what was done since?', 100),
        hint: plainText('The incident, who was affected, how what was skipped was made up for.', 150),
        element: {
          type: 'plain_text_input',
          action_id: DOCUMENTATION_INPUT,
          multiline: true,
          max_length: DOCUMENTATION_LIMIT,
          placeholder: plainText('Auditors read this.', 100),
        },
      },
    ],
  };
}

import { type HandledAlert, LONGEST_MUTE } from '../../../domain/index.ts';
import { DAY, HOUR, MINUTE } from '../../../lib/index.ts';
import { type ModalView, type Option, plainText, section } from '../block.ts';
import { escaped } from '../text.ts';
import { alertTitle } from './alert-title.ts';

/** The modal that asks for how long and why, by callback id, and its fields. */
export const MUTE_VIEW = 'finding.mute';
export const DURATION_BLOCK = 'duration';
export const DURATION_INPUT = 'milliseconds';
export const WHY_BLOCK = 'why';
export const WHY_INPUT = 'text';
/** Most characters of a reason. */
export const WHY_LIMIT = 500;

/** What the modal carries back to us. */
export interface MuteContext {
  readonly findingId: number;
  /** Where the alert stands, for the answer; null where Slack did not say. */
  readonly channel: string | null;
}

const CHOICES: readonly (readonly [number, string])[] = [
  [30 * MINUTE, '30 minutes'],
  [HOUR, '1 hour'],
  [4 * HOUR, '4 hours'],
  [8 * HOUR, '8 hours'],
  [DAY, '24 hours'],
  [3 * DAY, '3 days'],
  [7 * DAY, '7 days'],
  [30 * DAY, '30 days'],
];

/** The modal that asks for how long an alert is kept quiet, and why. Pure. */
export function muteModal(alert: HandledAlert, { channel }: Pick<MuteContext, 'channel'>): ModalView {
  const longest = LONGEST_MUTE[alert.finding.severity];
  const options = CHOICES.filter(([duration]) => duration <= longest).map(toOption);
  const [, initial] = options;
  const context: MuteContext = { findingId: alert.id, channel };
  return {
    type: 'modal',
    callback_id: MUTE_VIEW,
    private_metadata: JSON.stringify(context),
    title: plainText('Mute', 24),
    submit: plainText('Mute', 24),
    close: plainText('Cancel', 24),
    blocks: [
      section(`*${alertTitle(alert).line}*`, escaped(alert.finding.summary, 600)),
      section(
        'It keeps firing, and stays shown as muted with your name and your reason. It is loud again when the time is over, or when it gets worse.',
      ),
      {
        type: 'input',
        block_id: DURATION_BLOCK,
        label: plainText('For how long?', 100),
        ...(alert.finding.severity === 'critical'
          ? { hint: plainText('A critical finding can be muted for 24 hours at most.', 150) }
          : {}),
        element: {
          type: 'static_select',
          action_id: DURATION_INPUT,
          options,
          ...(initial === undefined ? {} : { initial_option: initial }),
        },
      },
      {
        type: 'input',
        block_id: WHY_BLOCK,
        label: plainText('Why?', 100),
        element: {
          type: 'plain_text_input',
          action_id: WHY_INPUT,
          multiline: true,
          max_length: WHY_LIMIT,
          placeholder: plainText('What is known, and who mends it.', 100),
        },
      },
    ],
  };
}

function toOption([duration, words]: readonly [number, string]): Option {
  return { text: plainText(words, 75), value: String(duration) };
}

import { type Digest, modelName, type Reason } from '../../../domain/index.ts';
import { HOUR } from '../../../lib/index.ts';
import { type Block, type ModalView, plainText, section } from '../block.ts';
import { counted, escaped, fullDigest } from '../text.ts';

/** The form that overrides, by callback id, and its fields: the same names their blocks and inputs. */
export const OVERRIDE_VIEW = 'override.grant';
export const OVERRIDE_FIELDS = {
  reason: 'reason',
  reference: 'reference',
  hours: 'hours',
} as const;
/** Most characters of the words. */
export const OVERRIDE_REASON_LIMIT = 2000;
export const OVERRIDE_REFERENCE_LIMIT = 200;

/** What the form carries back to us. */
export interface OverrideFormContext {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly environment: string;
  /** The digest of what the form shows: what is signed is that, or nothing. */
  readonly view: Digest;
  /** Where the command was given, for the answer. */
  readonly channel: string;
}

/** What the form shows and asks for. */
export interface OverrideForm extends OverrideFormContext {
  readonly artifact: Digest;
  /** How many overrides of the model there were in the 90 days before. */
  readonly earlier: number;
  /** Why the artifact is not governed: what is overridden. */
  readonly unmet: readonly Pick<Reason, 'message'>[];
  /** Most milliseconds for which it may be good. */
  readonly longest: number;
  readonly secondPerson: boolean;
  /** Milliseconds after which its documentation is due. */
  readonly documentation: number;
}

const UNMET_SHOWN = 6;
const USUAL_HOURS = 8;

/** The form in which a model version is overridden: what it lacks, where, why, and for how long. Pure. */
export function overrideModal(form: OverrideForm): ModalView {
  const { modelId, modelVersion, environment, view, channel, longest } = form;
  const carried: OverrideFormContext = { modelId, modelVersion, environment, view, channel };
  const hours = longest / HOUR;
  return {
    type: 'modal',
    callback_id: OVERRIDE_VIEW,
    private_metadata: JSON.stringify(carried),
    title: plainText('Override', 24),
    submit: plainText('Override', 24),
    close: plainText('Cancel', 24),
    blocks: [
      section(
        `*${escaped(modelName(form), 300)}* is not governed in *${escaped(environment, 600)}*.`,
        fullDigest(form.artifact),
      ),
      ...repeatLines(modelId, form.earlier).map((line) => section(line)),
      section('*What you override*', ...unmetLines(form.unmet, UNMET_SHOWN)),
      section(...consequences(form)),
      field('reason', 'Why can this not wait?', {
        multiline: true,
        most: OVERRIDE_REASON_LIMIT,
        hint: 'Everybody who was passed over reads this.',
      }),
      field('reference', 'Incident or ticket', { optional: true, most: OVERRIDE_REFERENCE_LIMIT }),
      field('hours', `For how many hours? At most ${hours}.`, {
        initial: String(Math.min(USUAL_HOURS, hours)),
        most: 10,
      }),
    ],
  };
}

/** What the policy says instead, a line each. Markup. */
export function unmetLines(unmet: readonly Pick<Reason, 'message'>[], most: number): string[] {
  const lines = unmet.slice(0, most).map(({ message }) => `• ${escaped(message, 200)}`);
  return unmet.length > most ? [...lines, `• … and ${unmet.length - most} more`] : lines;
}

/** Says that a model is overridden again and again; nothing of the first time. Markup. */
export function repeatLines(modelId: string, earlier: number): string[] {
  if (earlier === 0) return [];
  return [`⚠️ *${counted(earlier, 'other override')}* of ${escaped(modelId, 200)} in the 90 days before.`];
}

function consequences({ secondPerson, documentation }: OverrideForm): string[] {
  const second = secondPerson ? ['A second override officer must confirm it before it is good.'] : [];
  return [
    'It is signed with your name. All approvers who are passed over are told.',
    ...second,
    `You owe its documentation within ${documentation / HOUR} hours.`,
  ];
}

interface FieldOptions {
  readonly initial?: string;
  readonly most: number;
  readonly multiline?: true;
  readonly optional?: true;
  readonly hint?: string;
}

function field(name: keyof typeof OVERRIDE_FIELDS, label: string, options: FieldOptions): Block {
  const { initial, most, multiline = false, optional, hint } = options;
  return {
    type: 'input',
    block_id: OVERRIDE_FIELDS[name],
    label: plainText(label, 100),
    ...(hint === undefined ? {} : { hint: plainText(hint, 150) }),
    ...(optional === undefined ? {} : { optional }),
    element: {
      type: 'plain_text_input',
      action_id: OVERRIDE_FIELDS[name],
      multiline,
      max_length: most,
      placeholder: plainText(label, 100),
      ...(initial === undefined ? {} : { initial_value: initial }),
    },
  };
}

import { clip, plain } from './text.ts';

/** Text that Slack shows as it is. */
export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

/** Text in Slack's markup; `verbatim` keeps Slack from finding links and mentions in it by itself. */
export interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

/** "Are you sure?" in front of a button. */
export interface Confirmation {
  readonly title: PlainText;
  readonly text: PlainText;
  readonly confirm: PlainText;
  readonly deny: PlainText;
  readonly style?: 'primary' | 'danger';
}

export interface Button {
  readonly type: 'button';
  readonly action_id: string;
  readonly text: PlainText;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: Confirmation;
}

/** A field to type into. */
export interface TextInput {
  readonly type: 'plain_text_input';
  readonly action_id: string;
  readonly multiline: boolean;
  readonly max_length: number;
  readonly placeholder: PlainText;
  /** What stands in it at first. */
  readonly initial_value?: string;
}

/** One of several answers. */
export interface Option {
  readonly text: PlainText;
  readonly value: string;
}

/** A field to choose one answer in. */
export interface Select {
  readonly type: 'static_select';
  readonly action_id: string;
  readonly options: readonly Option[];
  readonly initial_option?: Option;
}

/** The blocks that we use of Slack's Block Kit. */
export type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: Mrkdwn }
  | { readonly type: 'context'; readonly elements: readonly Mrkdwn[] }
  | { readonly type: 'actions'; readonly elements: readonly Button[] }
  | { readonly type: 'divider' }
  | {
      readonly type: 'input';
      readonly block_id: string;
      readonly label: PlainText;
      readonly hint?: PlainText;
      readonly optional?: true;
      readonly element: TextInput | Select;
    };

/** A modal. */
export interface ModalView {
  readonly type: 'modal';
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly title: PlainText;
  readonly submit: PlainText;
  readonly close: PlainText;
  readonly blocks: readonly Block[];
}

/** Slack's limits, in UTF-16 units. */
const MAX_HEADER = 150;
const MAX_SECTION = 3000;
const MAX_CONTEXT = 3000;

/** Plain text of at most `max` units. */
export function plainText(text: string, max: number): PlainText {
  return { type: 'plain_text', text: plain(text, max), emoji: false };
}

function mrkdwn(text: string, max: number): Mrkdwn {
  return { type: 'mrkdwn', text: clip(text, max) || '–', verbatim: true };
}

/** A headline. */
export function header(text: string): Block {
  return { type: 'header', text: plainText(text, MAX_HEADER) };
}

/** Lines of markup; what comes from outside must be escaped already. Lines that no longer fit are left out. */
export function section(...lines: readonly string[]): Block {
  return { type: 'section', text: mrkdwn(wholeLines(lines, MAX_SECTION).join('\n'), MAX_SECTION) };
}

function wholeLines(lines: readonly string[], max: number): string[] {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > max - 2 && kept.length > 0) return [...kept, '…'];
    kept.push(line);
  }
  return kept;
}

/** Small print; every line an element of its own, at most ten. */
export function context(...lines: readonly string[]): Block {
  return { type: 'context', elements: lines.slice(0, 10).map((line) => mrkdwn(line, MAX_CONTEXT)) };
}

/** A row of buttons. */
export function actions(...elements: readonly Button[]): Block {
  return { type: 'actions', elements };
}

/** A thin line. */
export const divider: Block = { type: 'divider' };

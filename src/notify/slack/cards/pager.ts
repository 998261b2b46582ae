import { actions, type Block, type Button, context, plainText } from '../block.ts';

/** The buttons that turn pages, by action id; their value is the command that asks for the page. */
export const OLDER_ACTION = 'page.older';
export const NEWER_ACTION = 'page.newer';

/** Where a reply stands in a longer list. */
export interface Paging {
  /** The command without its page, as somebody would type it behind `/governance`. */
  readonly command: string;
  /** From 1. */
  readonly page: number;
  readonly more: boolean;
}

/** Most characters that a button carries: with more, Slack refuses the whole message. */
const LONGEST_VALUE = 2000;

/** Buttons to what is newer and older; none where everything is shown, or the command is too long for a button. */
export function pager({ command, page, more }: Paging): readonly Block[] {
  const turn = (action_id: string, label: string, to: number): Button => ({
    type: 'button',
    action_id,
    text: plainText(label, 75),
    value: `${command} page ${to}`,
  });
  const buttons = [
    ...(page > 1 ? [turn(NEWER_ACTION, '← Newer', page - 1)] : []),
    ...(more ? [turn(OLDER_ACTION, 'Older →', page + 1)] : []),
  ];
  if (buttons.length === 0) return [];
  return buttons.every(({ value = '' }) => value.length <= LONGEST_VALUE)
    ? [actions(...buttons)]
    : [context('There is more. To turn pages, give the command again with fewer words.')];
}

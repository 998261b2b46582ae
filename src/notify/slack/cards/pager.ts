import { actions, type Block, type Button, plainText } from '../block.ts';

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

/** Buttons to what is newer and older; none where everything is shown. */
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
  return buttons.length === 0 ? [] : [actions(...buttons)];
}

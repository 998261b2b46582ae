import type { Terminal } from '../terminal.ts';

/** Says how to see the page that follows, where one does; as JSON its `next` says so. */
export function showMore(terminal: Terminal, { json }: { readonly json?: true }, next: string | null): void {
  if (!json && next !== null) terminal.err(`there are more: --after ${next}`);
}

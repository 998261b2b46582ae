import type { WorkspaceState } from './state.ts';

/**
 * What was typed behind a slash command, as Slack sends it where the command's `should_escape` is on: people, channels and
 * addresses become `<@U…|name>`, `<#C…|name>` and `<https://…>`, and what else could be taken for such is escaped.
 */
export function escapeTyped(state: WorkspaceState, text: string): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return safe
    .replaceAll(/(?<![^\s(])https?:\/\/[^\s]+/g, '<$&>')
    .replaceAll(
      /(?<![^\s(])@([a-z0-9][a-z0-9._-]*)/gi,
      (typed, name: string) => mention(state, name) ?? typed,
    )
    .replaceAll(/(?<![^\s(])#([a-z0-9_-]+)/gi, (typed, name: string) => channel(state, name) ?? typed);
}

/** A full stop or a hyphen at the end may be the sentence's. */
function mention({ users }: WorkspaceState, typed: string): string | null {
  const handle = typed.toLowerCase();
  const known = [...users.values()].filter(({ name }) => handle.startsWith(name.toLowerCase()));
  const user = known.find(({ name }) => /^[._-]*$/.test(handle.slice(name.length)));
  return user === undefined ? null : `<@${user.id}|${user.name}>${typed.slice(user.name.length)}`;
}

function channel({ channels }: WorkspaceState, typed: string): string | null {
  const name = typed.toLowerCase();
  const named = [...channels.values()].find((one) => one.directUser === undefined && one.name === name);
  return named === undefined ? null : `<#${named.id}|${named.name}>`;
}

/** The first rows of a list of which one more than that was looked for; `next` names the last of them where there is more. */
export function pageOf<T extends { readonly id: string | number }>(
  found: readonly T[],
  limit: number,
): { readonly rows: readonly T[]; readonly next: string | null } {
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { rows, next: last === undefined ? null : String(last.id) };
}

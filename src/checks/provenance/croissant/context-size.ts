/** How many terms all contexts of a JSON-LD document define, wherever they stand. Expanding copies them at each. */
export function contextTerms(document: unknown): number {
  const open: unknown[] = [document];
  let terms = 0;
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if ('@context' in value) terms += termsIn(value['@context']);
    for (const item of Object.values(value)) open.push(item);
  }
  return terms;
}

function termsIn(context: unknown): number {
  if (Array.isArray(context)) return context.reduce((sum: number, one) => sum + termsIn(one), 0);
  return typeof context === 'object' && context !== null ? Object.keys(context).length : 1;
}

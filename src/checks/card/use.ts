import type { CardText } from './card.ts';

const OUT_OF_SCOPE = /^\s*(?:out[- ]of[- ]scope(?: uses?)?|not intended(?: for)?)\s*:\s*/i;

/** The property by which formats without a place for it state a use that is out of scope. */
export const OUT_OF_SCOPE_PROPERTY = 'countersign:out_of_scope_use';

/** Tells uses from those that begin with "Out of scope:"; no format but the Hub's keeps them apart. */
export function splitUses(uses: readonly CardText[]): {
  readonly uses: readonly CardText[];
  readonly outOfScopeUses: readonly CardText[];
} {
  return {
    uses: uses.filter(({ text }) => !OUT_OF_SCOPE.test(text)),
    outOfScopeUses: uses
      .filter(({ text }) => OUT_OF_SCOPE.test(text))
      .map((use) => ({ ...use, text: use.text.replace(OUT_OF_SCOPE, '') })),
  };
}

/** Properties by name in lower case. */
export function byName(
  properties: readonly (CardText & { readonly name: string })[],
): ReadonlyMap<string, readonly CardText[]> {
  const placed = properties.map((property) => ({ ...property, name: property.name.trim().toLowerCase() }));
  return Map.groupBy(placed, ({ name }) => name);
}

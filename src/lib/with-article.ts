/** A noun with its article, by the letter that it begins with: `an override/v1`, `a renewal/v1`. */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

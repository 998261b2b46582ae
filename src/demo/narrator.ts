/** Tells the story on the terminal. */
export interface Narrator {
  /** A new step, with its number and what happens in it. */
  step(number: number, title: string): void;
  /** Something that was seen to hold. */
  fact(text: string): void;
  /** Words of another program or of a message, indented. */
  quote(text: string): void;
  plain(text: string): void;
}

/** Colour only where a person looks. */
export function createNarrator(out: NodeJS.WriteStream): Narrator {
  const paint = (code: number, text: string) => (out.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);
  const write = (text: string) => out.write(`${text}\n`);
  return {
    step: (number, title) => write(`\n${paint(1, `${number}. ${title}`)}`),
    fact: (text) => write(`   ${paint(32, '✓')} ${text}`),
    quote: (text) => {
      for (const line of text.trimEnd().split('\n')) write(`   ${paint(90, `│ ${line}`)}`);
    },
    plain: write,
  };
}

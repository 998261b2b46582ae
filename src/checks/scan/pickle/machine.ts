import { Undecodable } from './undecodable.ts';

/** What lies on the machine's stack, as far as names and calls go. */
export type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'global'; readonly key: string }
  | { readonly kind: 'other' };

/** Any value that is neither text nor a global. */
const OTHER: Value = { kind: 'other' };
const MAX_VALUES = 4_000_000;
const MAX_GLOBALS = 10_000;
/** Characters of text kept in all. */
const MAX_TEXT = 64 * 1024 * 1024;

/** What a pickle does when it is loaded, other than building plain data. */
export interface Deeds {
  /** Every global that it names, `module name`, with the offset where it first does. */
  readonly globals: ReadonlyMap<string, number>;
  /** What it does beside naming globals and calling them: sentences that complete "it …". */
  readonly oddities: readonly string[];
  /** How many persistent ids it asks its reader to resolve. */
  readonly persistentIds: number;
  /** How many calls it makes: REDUCE, NEWOBJ and their like. */
  readonly calls: number;
}

/** Runs the opcodes of a pickle over names alone: nothing is imported, nothing is called. */
export class Machine implements Deeds {
  readonly globals = new Map<string, number>();
  readonly #oddities = new Set<string>();
  readonly #memo = new Map<number, Value>();
  /** The stack above the last mark, and the stacks below each mark. */
  #stack: Value[] = [];
  readonly #below: Value[][] = [];
  #values = 0;
  #textLeft = MAX_TEXT;
  persistentIds = 0;
  calls = 0;

  get oddities(): readonly string[] {
    return [...this.#oddities];
  }

  push(value: Value = OTHER): void {
    if (++this.#values > MAX_VALUES * 16 || this.#stack.length > MAX_VALUES)
      throw new Undecodable('builds more values than are followed');
    this.#stack.push(value);
  }

  /** Text that could be a name is kept, up to a measure in all: what is not kept cannot become a name. */
  pushText(text: string | undefined): void {
    this.#textLeft -= text?.length ?? 0;
    this.push(text === undefined || this.#textLeft < 0 ? OTHER : { kind: 'text', text });
  }

  pop(): Value {
    const value = this.#stack.pop();
    if (value === undefined) throw new Undecodable('takes a value from an empty stack');
    return value;
  }

  /** The value on top, left where it is. */
  top(): Value {
    const value = this.#stack.at(-1);
    if (value === undefined) throw new Undecodable('uses a value of an empty stack');
    return value;
  }

  /** POP takes a mark away where no value is above it. */
  drop(): void {
    if (this.#stack.length > 0) this.#stack.pop();
    else this.popMark();
  }

  mark(): void {
    if (this.#below.length > MAX_VALUES) throw new Undecodable('sets more marks than are followed');
    this.#below.push(this.#stack);
    this.#stack = [];
  }

  /** The values above the last mark, which goes too. */
  popMark(): readonly Value[] {
    const values = this.#stack;
    const below = this.#below.pop();
    if (below === undefined) throw new Undecodable('looks for a mark that was never set');
    this.#stack = below;
    return values;
  }

  remember(index: number): void {
    if (this.#memo.size > MAX_VALUES) throw new Undecodable('remembers more values than are followed');
    this.#memo.set(index, this.top());
  }

  /** MEMOIZE counts what is remembered, whatever the indices. */
  memoize(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw new Undecodable(`recalls the value ${index}, which it never remembered`);
    this.push(value);
  }

  name(module: string, name: string, offset: number): void {
    const key = `${module} ${name}`;
    if (!this.globals.has(key)) this.globals.set(key, offset);
    if (this.globals.size > MAX_GLOBALS) throw new Undecodable('names more globals than are followed');
    this.push({ kind: 'global', key });
  }

  /** STACK_GLOBAL: name above module, both of them texts that are known. */
  nameFromStack(offset: number): void {
    const name = this.pop();
    const module = this.pop();
    if (name.kind !== 'text' || module.kind !== 'text')
      throw new Undecodable('names a global by values that are not plain text');
    this.name(module.text, name.text, offset);
  }

  call(callee: Value | undefined): void {
    this.calls += 1;
    if (callee?.kind !== 'global') this.odd('calls something that is not a global by its name');
  }

  odd(deed: string): void {
    this.#oddities.add(deed);
  }
}

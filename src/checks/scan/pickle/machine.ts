import type { Argument } from './argument.ts';
import { Undecodable } from './undecodable.ts';

/** What lies on the machine's stack, as far as names and calls go. */
type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'global'; readonly key: string }
  | { readonly kind: 'other' };

const OTHER: Value = { kind: 'other' };
const MAX_VALUES = 4_000_000;

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
  persistentIds = 0;
  calls = 0;

  get oddities(): readonly string[] {
    return [...this.#oddities];
  }

  /**
   * Takes one step.
   *
   * @throws Undecodable where Python's machine would stop with an error, or go where this one cannot follow.
   */
  step(name: string, argument: Argument, offset: number): void {
    const effect = EFFECTS.get(name);
    if (effect === undefined) throw new Undecodable(`holds the opcode ${name}, which cannot be followed`);
    effect(this, argument, offset);
  }

  push(value: Value = OTHER): void {
    if (++this.#values > MAX_VALUES * 16 || this.#stack.length > MAX_VALUES)
      throw new Undecodable('builds more values than are followed');
    this.#stack.push(value);
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

type Effect = (machine: Machine, argument: Argument, offset: number) => void;

const push: Effect = (machine) => machine.push();
const popThenPush = (count: number): Effect => {
  return (machine) => {
    for (let index = 0; index < count; index++) machine.pop();
    machine.push();
  };
};
const pushText: Effect = (machine, { text }) =>
  machine.push(text === undefined ? OTHER : { kind: 'text', text });
const markToValue: Effect = (machine) => {
  machine.popMark();
  machine.push();
};
/** Adds to a container below, which stays. */
const add =
  (count: number): Effect =>
  (machine) => {
    for (let index = 0; index < count; index++) machine.pop();
    changeTop(machine);
  };
const addMarked: Effect = (machine) => {
  machine.popMark();
  changeTop(machine);
};

/** Items and state go to values that were built: given to a global they would change it for the whole program. */
function changeTop(machine: Machine): void {
  if (machine.top().kind === 'global') machine.odd('changes a global that it names');
}
const recall: Effect = (machine, { index = -1 }) => machine.recall(index);
const remember: Effect = (machine, { index = -1 }) => machine.remember(index);
const extension: Effect = (machine) => {
  machine.odd('names a global by a number of the extension registry, which is not in it');
  machine.push();
};

/** What each opcode does; STOP ends the walk before it gets here. */
const EFFECTS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ...['INT', 'BININT', 'BININT1', 'BININT2', 'LONG', 'LONG1', 'LONG4', 'FLOAT', 'BINFLOAT', 'NONE'].map(
    (name) => [name, push] as const,
  ),
  ...['NEWTRUE', 'NEWFALSE', 'BINBYTES', 'SHORT_BINBYTES', 'BINBYTES8', 'BYTEARRAY8'].map(
    (name) => [name, push] as const,
  ),
  ...['EMPTY_LIST', 'EMPTY_TUPLE', 'EMPTY_DICT', 'EMPTY_SET'].map((name) => [name, push] as const),
  ...[
    'STRING',
    'BINSTRING',
    'SHORT_BINSTRING',
    'UNICODE',
    'SHORT_BINUNICODE',
    'BINUNICODE',
    'BINUNICODE8',
  ].map((name) => [name, pushText] as const),
  ...['LIST', 'TUPLE', 'DICT', 'FROZENSET'].map((name) => [name, markToValue] as const),
  ['TUPLE1', popThenPush(1)],
  ['TUPLE2', popThenPush(2)],
  ['TUPLE3', popThenPush(3)],
  ['APPEND', add(1)],
  ['SETITEM', add(2)],
  ['BUILD', add(1)],
  ...['APPENDS', 'SETITEMS', 'ADDITEMS'].map((name) => [name, addMarked] as const),
  ['MARK', (machine) => machine.mark()],
  ['POP_MARK', (machine) => void machine.popMark()],
  ['POP', (machine) => machine.drop()],
  ['DUP', (machine) => machine.push(machine.top())],
  ...['GET', 'BINGET', 'LONG_BINGET'].map((name) => [name, recall] as const),
  ...['PUT', 'BINPUT', 'LONG_BINPUT'].map((name) => [name, remember] as const),
  ['MEMOIZE', (machine) => machine.memoize()],
  ['PROTO', (_, { index = 0 }) => demandProtocol(index)],
  ['FRAME', () => undefined],
  ['GLOBAL', (machine, { text = '', second = '' }, offset) => machine.name(text, second, offset)],
  ['STACK_GLOBAL', (machine, _, offset) => machine.nameFromStack(offset)],
  ...['EXT1', 'EXT2', 'EXT4'].map((name) => [name, extension] as const),
  ['REDUCE', (machine) => called(machine, 1)],
  ['NEWOBJ', (machine) => called(machine, 1)],
  ['NEWOBJ_EX', (machine) => called(machine, 2)],
  ['OBJ', (machine) => calledMarked(machine)],
  ['INST', instantiate],
  ['PERSID', persistent],
  [
    'BINPERSID',
    (machine) => {
      machine.pop();
      persistent(machine);
    },
  ],
  ['NEXT_BUFFER', outOfBand],
  ['READONLY_BUFFER', outOfBand],
]);

/** A call with its arguments above the callee; the result takes their place. */
function called(machine: Machine, values: number): void {
  for (let index = 0; index < values; index++) machine.pop();
  machine.call(machine.pop());
  machine.push();
}

function calledMarked(machine: Machine): void {
  const [callee] = machine.popMark();
  if (callee === undefined) throw new Undecodable('makes an object of no class');
  machine.call(callee);
  machine.push();
}

function instantiate(machine: Machine, { text = '', second = '' }: Argument, offset: number): void {
  machine.popMark();
  machine.name(text, second, offset);
  machine.call(machine.pop());
  machine.push();
}

function persistent(machine: Machine): void {
  machine.persistentIds += 1;
  machine.push();
}

function outOfBand(machine: Machine): void {
  machine.odd('takes data from outside of itself');
  machine.push();
}

function demandProtocol(protocol: number): void {
  if (protocol > 5) throw new Undecodable(`says that it is of protocol ${protocol}; the last one is 5`);
}

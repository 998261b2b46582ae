import type { Argument } from './argument.ts';
import type { Machine } from './machine.ts';
import { Undecodable } from './undecodable.ts';

/**
 * Has an opcode take its effect.
 *
 * @throws Undecodable where Python's machine would stop with an error, or go where this one cannot follow
 */
export function apply(machine: Machine, name: string, argument: Argument, offset: number): void {
  const effect = EFFECTS.get(name);
  if (effect === undefined) throw new Undecodable(`holds the opcode ${name}, which cannot be followed`);
  effect(machine, argument, offset);
}

type Effect = (machine: Machine, argument: Argument, offset: number) => void;

const push: Effect = (machine) => machine.push();
const popThenPush = (count: number): Effect => {
  return (machine) => {
    for (let index = 0; index < count; index++) machine.pop();
    machine.push();
  };
};
const pushText: Effect = (machine, { text }) => machine.pushText(text);
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

import { Cursor, Truncated } from '../cursor.ts';
import type { ByteSource } from '../source.ts';
import { readArgument } from './argument.ts';
import { apply } from './effects.ts';
import { type Deeds, Machine } from './machine.ts';
import { OPCODES } from './opcodes.ts';
import { Undecodable } from './undecodable.ts';

/** What following a pickle from its first opcode gave. */
export interface PickleWalk extends Deeds {
  /** Why it could not be followed to its end; completes "the pickle …". `null` when it was, to the STOP. */
  readonly broken: string | null;
  /** The offset behind its last opcode. */
  readonly end: number;
}

const MAX_OPCODES = 100_000_000;

/**
 * Follows one pickle, of any protocol from 0 to 5, opcode by opcode. Nothing is loaded: names and calls are noted.
 * What ran before the place where a pickle breaks has run, so the deeds up to there are told of a broken one too.
 */
export function walkPickle(source: ByteSource, offset = 0): PickleWalk {
  const cursor = new Cursor(source, offset);
  const machine = new Machine();
  const broken = follow(cursor, machine);
  const { globals, oddities, persistentIds, calls } = machine;
  return { globals, oddities, persistentIds, calls, broken, end: cursor.offset };
}

function follow(cursor: Cursor, machine: Machine): string | null {
  try {
    for (let steps = 0; steps < MAX_OPCODES; steps++) if (step(cursor, machine)) return null;
    return `has more than ${MAX_OPCODES} opcodes`;
  } catch (error) {
    if (error instanceof Truncated) return `ends in the middle, at byte ${cursor.offset}`;
    if (error instanceof Undecodable) return `${error.message}, at byte ${cursor.offset}`;
    throw error;
  }
}

/** Takes one step; whether it was the last. */
function step(cursor: Cursor, machine: Machine): boolean {
  const at = cursor.offset;
  const code = cursor.byte();
  const opcode = OPCODES[code];
  if (opcode === undefined) throw new Undecodable(`holds 0x${code.toString(16)}, which is no opcode`);
  if (opcode.name === 'STOP') {
    machine.pop();
    return true;
  }
  apply(machine, opcode.name, readArgument(opcode.argument, cursor), at);
  return false;
}

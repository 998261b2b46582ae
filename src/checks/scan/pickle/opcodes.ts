/** How the argument of an opcode is written behind it. `bytes*` and `text*` are a length of so many bytes, then data. */
export type ArgumentForm =
  | 'none'
  | 'skip1'
  | 'skip2'
  | 'skip4'
  | 'skip8'
  | 'index1'
  | 'index4'
  | 'line'
  | 'index_line'
  | 'quoted_line'
  | 'unicode_line'
  | 'two_lines'
  | 'text1'
  | 'text4'
  | 'text8'
  | 'string4'
  | 'bytes1'
  | 'bytes4'
  | 'bytes8'
  | 'long4';

/** One opcode of the pickle machine. */
export interface Opcode {
  readonly name: string;
  readonly argument: ArgumentForm;
}

/** All opcodes of protocols 0 to 5 (CPython's pickle.py and pickletools), by form of argument: name and code. */
const BY_FORM: Readonly<Record<ArgumentForm, Readonly<Record<string, number | string>>>> = {
  none: {
    MARK: '(',
    STOP: '.',
    POP: '0',
    POP_MARK: '1',
    DUP: '2',
    NONE: 'N',
    BINPERSID: 'Q',
    REDUCE: 'R',
    APPEND: 'a',
    BUILD: 'b',
    DICT: 'd',
    EMPTY_DICT: '}',
    APPENDS: 'e',
    LIST: 'l',
    EMPTY_LIST: ']',
    OBJ: 'o',
    SETITEM: 's',
    TUPLE: 't',
    EMPTY_TUPLE: ')',
    SETITEMS: 'u',
    NEWOBJ: 0x81,
    TUPLE1: 0x85,
    TUPLE2: 0x86,
    TUPLE3: 0x87,
    NEWTRUE: 0x88,
    NEWFALSE: 0x89,
    EMPTY_SET: 0x8f,
    ADDITEMS: 0x90,
    FROZENSET: 0x91,
    NEWOBJ_EX: 0x92,
    STACK_GLOBAL: 0x93,
    MEMOIZE: 0x94,
    NEXT_BUFFER: 0x97,
    READONLY_BUFFER: 0x98,
  },
  skip1: { BININT1: 'K', EXT1: 0x82 },
  skip2: { BININT2: 'M', EXT2: 0x83 },
  skip4: { BININT: 'J', EXT4: 0x84 },
  skip8: { BINFLOAT: 'G', FRAME: 0x95 },
  index1: { BINGET: 'h', BINPUT: 'q', PROTO: 0x80 },
  index4: { LONG_BINGET: 'j', LONG_BINPUT: 'r' },
  line: { INT: 'I', LONG: 'L', FLOAT: 'F', PERSID: 'P' },
  index_line: { GET: 'g', PUT: 'p' },
  quoted_line: { STRING: 'S' },
  unicode_line: { UNICODE: 'V' },
  two_lines: { GLOBAL: 'c', INST: 'i' },
  text1: { SHORT_BINSTRING: 'U', SHORT_BINUNICODE: 0x8c },
  text4: { BINUNICODE: 'X' },
  text8: { BINUNICODE8: 0x8d },
  string4: { BINSTRING: 'T' },
  bytes1: { SHORT_BINBYTES: 'C', LONG1: 0x8a },
  bytes4: { BINBYTES: 'B' },
  bytes8: { BINBYTES8: 0x8e, BYTEARRAY8: 0x96 },
  long4: { LONG4: 0x8b },
};

/** The opcode of a byte; `undefined` for the bytes that are none. */
export const OPCODES: readonly (Opcode | undefined)[] = table();

function table(): (Opcode | undefined)[] {
  const opcodes: (Opcode | undefined)[] = new Array(256).fill(undefined);
  for (const [argument, codes] of Object.entries(BY_FORM)) {
    for (const [name, code] of Object.entries(codes)) {
      const byte = typeof code === 'number' ? code : code.charCodeAt(0);
      opcodes[byte] = { name, argument: argument as ArgumentForm };
    }
  }
  return opcodes;
}

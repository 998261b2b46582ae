import { describe, expect, it } from 'vitest';
import { COMMAND, ORDERED, PLAIN } from './pickles.ts';
import { base64, linesOf, scan } from './scanning.ts';

const ALLOWED = { allowedFormats: ['pickle'] as const };
const numbered = (pickles: readonly string[]) =>
  pickles.map((text, protocol) => ({ protocol, bytes: base64(text) }));
/** Bytes from text and numbers, as an assembler would take them. */
const code = (...parts: readonly (string | number | Buffer)[]): Buffer =>
  Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'number') return Buffer.of(part);
      return typeof part === 'string' ? Buffer.from(part, 'latin1') : part;
    }),
  );
const short = (text: string) => code(0x8c, text.length, text);

describe('a pickle', () => {
  it.each(numbered(COMMAND))('that runs a command is refused, protocol $protocol', async ({ bytes }) => {
    for (const policy of [{}, ALLOWED, { ...ALLOWED, allowedGlobals: ['os system'] }]) {
      const report = await scan(bytes, policy);
      expect(report.format).toBe('pickle');
      expect(report.globals).toEqual(['posix system']);
      expect(linesOf(report)).toMatch(/names the global "posix system" at byte \d+, which is not allowed/);
    }
  });

  it.each(numbered(PLAIN))(
    'of plain data passes only where allowed, protocol $protocol',
    async ({ bytes }) => {
      expect(linesOf(await scan(bytes))).toMatch(/^artifact: is a Python pickle/);
      expect((await scan(bytes, ALLOWED)).problems).toEqual([]);
    },
  );

  it.each(numbered(ORDERED))(
    'passes with exactly its globals allowed, protocol $protocol',
    async ({ bytes }) => {
      const allowedGlobals = ['collections OrderedDict', 'copy_reg _reconstructor', '__builtin__ dict'];
      expect(linesOf(await scan(bytes, { ...ALLOWED, allowedGlobals }))).toBe('');
      expect(linesOf(await scan(bytes, ALLOWED))).toMatch(/collections OrderedDict/);
    },
  );
});

const TRICKS: Readonly<Record<string, { bytes: Buffer; says: RegExp }>> = {
  'names on the stack, from the memo': {
    bytes: code(
      0x80,
      4,
      short('os'),
      0x94,
      short('system'),
      0x94,
      '00',
      'h\0',
      'h\x01',
      0x93,
      short('id'),
      0x85,
      'R.',
    ),
    says: /"os system"/,
  },
  'a memo moved by a later PUT': {
    bytes: code(
      0x80,
      4,
      short('math'),
      0x94,
      '0',
      short('os'),
      'q\0',
      '0',
      'h\0',
      short('system'),
      0x93,
      short('id'),
      0x85,
      'R.',
    ),
    says: /"os system"/,
  },
  'MEMOIZE after PUT at a high index': {
    bytes: code(
      0x80,
      4,
      short('os'),
      'q\x09',
      '0',
      short('system'),
      0x94,
      '0',
      'h\x09',
      'h\x01',
      0x93,
      short('id'),
      0x85,
      'R.',
    ),
    says: /"os system"/,
  },
  'a memo entry that was never written': { bytes: code(0x80, 4, 'h\x05.'), says: /recalls the value 5/ },
  'code before it breaks': { bytes: code("cos\nsystem\n(S'id'\ntR", 0xff), says: /"os system"[\s\S]*0xff/ },
  'code before it is cut off': {
    bytes: code(0x80, 2, 'cos\nsystem\nU\x02id', 0x85, 'R'),
    says: /"os system"[\s\S]*ends in the middle/,
  },
  'code in a second pickle behind the first': {
    bytes: code(0x80, 2, 'N.', "cos\nsystem\n(S'id'\ntR."),
    says: /follow its end/,
  },
  INST: { bytes: code("(S'id'\nios\nsystem\n."), says: /"os system"/ },
  OBJ: { bytes: code("(cos\nsystem\nS'id'\no."), says: /"os system"/ },
  NEWOBJ: { bytes: code(0x80, 2, 'cos\nsystem\n', 'U\x02id', 0x85, 0x81, '.'), says: /"os system"/ },
  NEWOBJ_EX: {
    bytes: code(0x80, 4, 'cos\nsystem\n', short('id'), 0x85, '}', 0x92, '.'),
    says: /"os system"/,
  },
  'the extension registry': { bytes: code(0x80, 2, 0x82, 1, ').'), says: /extension registry/ },
  'persistent ids': { bytes: code('Pevil\n.'), says: /persistent ids/ },
  'persistent ids, binary': { bytes: code(0x80, 2, 'U\x01xQ.'), says: /persistent ids/ },
  'a dotted name': {
    bytes: code(0x80, 4, short('a'), short('b.__globals__'), 0x93, '.'),
    says: /"a b.__globals__"/,
  },
  'escapes in a name': { bytes: code("S'o\\x73'\nS'sy\\163tem'\n\x93."), says: /"os system"/ },
  'unicode escapes in a name': { bytes: code('V\\u006fs\nVsystem\n\x93.'), says: /"os system"/ },
  'a module that is computed': {
    bytes: code(0x80, 4, short('a'), short('b'), 0x93, ')R', short('system'), 0x93, '.'),
    says: /values that are not plain text/,
  },
  'a call of what a call returned': {
    bytes: code(0x80, 4, short('a'), short('b'), 0x93, ')R)R.'),
    says: /not a global by its name/,
  },
  'state for a global': {
    bytes: code(0x80, 4, short('a'), short('b'), 0x93, '}b.'),
    says: /changes a global/,
  },
  'data from outside': { bytes: code(0x80, 5, 0x97, '.'), says: /outside of itself/ },
  'protocol 6': { bytes: code('N', 0x80, 6, '.'), says: /format|protocol 6/ },
  'a negative length': { bytes: code('T', 0xff, 0xff, 0xff, 0xff, '.'), says: /./ },
  'a length beyond the file': {
    bytes: code(0x80, 4, 0x8e, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 'x.'),
    says: /ends in the middle/,
  },
  'a length beyond any file': {
    bytes: code(0x80, 4, 0x8e, '\xff'.repeat(8), 'x.'),
    says: /ends in the middle/,
  },
  'marks without end': { bytes: code(0x80, 2, '('.repeat(5_000_000)), says: /more marks|ends in the middle/ },
  'values without end': {
    bytes: code(0x80, 2, 'N'.repeat(5_000_000)),
    says: /more values|ends in the middle/,
  },
  'an empty stack': { bytes: code(0x80, 2, 'R.'), says: /empty stack/ },
};

describe('a trick', () => {
  it.each(Object.entries(TRICKS))('is seen through: %s', async (_, { bytes, says }) => {
    const allowedGlobals = ['a b', 'math sqrt'];
    const report = await scan(bytes, { ...ALLOWED, allowedGlobals });
    expect(linesOf(report)).toMatch(says);
  });
});

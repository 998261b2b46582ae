import type { CheckProblem } from '../../../domain/index.ts';
import { quoted } from '../../report.ts';
import { fault } from '../finding.ts';
import { strangeClasses } from '../keras.ts';
import type { ByteSource } from '../source.ts';

const WINDOW = 1024 * 1024;
/** Characters that are looked at again with those that follow, for what lies across the border. */
const OVERLAP = 1024;
/** Characters that no text has; vocabularies have those from 7f on. */
const CONTROL = /(?![\s\u007f-\u009f])\p{Cc}/u;

/** What makes whoever loads a text beside a model run code. */
const PATTERNS: readonly (readonly [pattern: RegExp, message: string, remedy: string])[] = [
  [
    /"auto_map"\s{0,100}:/,
    'has Transformers load code of its own and run it (auto_map)',
    'save the model with a class of the library, without auto_map',
  ],
  [
    /!!?python\/|tag:yaml\.org,2002:python/,
    'makes a YAML reader build Python objects',
    'write it as plain YAML, without tags',
  ],
  [
    // Letters need no escape in JSON: whoever writes them so hides a word.
    /(?<!\\)(?:\\\\){0,100}\\u00(?:[46][1-9a-f]|[57][0-9a]|5f)/i,
    'writes plain letters as escapes, which hides what it says',
    'write letters as they are',
  ],
];

/** What speaks against a text beside a model: it is read in pieces; null where it is no text at all, in UTF-8. */
export function textProblems(source: ByteSource, allowedGlobals: readonly string[]): CheckProblem[] | null {
  const problems = new Map<string, CheckProblem>();
  const note = (message: string, remedy: string) => problems.set(message, fault(undefined, message, remedy));
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let before = '';
  for (let at = 0; at < source.size; at += WINDOW) {
    const piece = decoded(decoder, source.read(at, WINDOW), at + WINDOW < source.size);
    if (piece === null || CONTROL.test(piece)) return null;
    const text = before + piece;
    if (at === 0 && text.startsWith('#!'))
      note('is a script: it names what is to run it (#!)', 'take it out of the directory');
    for (const [pattern, message, remedy] of PATTERNS) if (pattern.test(text)) note(message, remedy);
    for (const name of strangeClasses(text, allowedGlobals))
      note(
        `names the class ${quoted(name)}, which is not one of Keras's own without code`,
        'list it in allowed_globals as "keras class", if you know what loading it does',
      );
    before = text.slice(-OVERLAP);
  }
  return [...problems.values()];
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: Buffer, stream: boolean): string | null {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    return null;
  }
}

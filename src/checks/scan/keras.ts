import { decodeText } from '../evidence/document.ts';
import { parseStrictJson } from '../evidence/strict-json.ts';
import { quoted } from '../report.ts';
import { type Findings, fault } from './finding.ts';
import { KERAS_CLASSES } from './keras-classes.ts';
import type { ByteSource } from './source.ts';

const MAX_CONFIG = 16 * 1024 * 1024;
const KERAS_MODULE = /^keras(?:\.src)?(?:\.[a-z_]+)*$/;
const ALLOW = 'list it in allowed_globals as "module class", if you know what loading it does';

/**
 * Holds a Keras configuration to classes that are known to be weights and arithmetic: a Lambda layer is code, and a class
 * of somebody's own is looked up by its name and called.
 */
export function scanKerasConfig(
  source: ByteSource,
  allowedGlobals: readonly string[],
  place: string,
): Findings {
  if (source.size > MAX_CONFIG)
    return { problems: [fault(place, `is ${source.size} bytes; at most ${MAX_CONFIG} are read`)] };
  const text = decodeText(place, source.read(0, source.size));
  const json = text.ok ? parseStrictJson(place, text.value) : text;
  if (!json.ok) return { problems: json.problems.map(({ message }) => fault(place, message)) };
  const named = [...new Set(classesIn(json.value))];
  const problems = named
    .filter((key) => !allowedGlobals.includes(key) && !isBuiltIn(key))
    .map((key) =>
      fault(place, `names the class ${quoted(key)}, which is not one of Keras's own without code`, ALLOW),
    );
  return { problems, globals: named };
}

/** Holds the text of an HDF5 file to the same: Keras keeps the configuration in it as JSON. */
export function scanHdf5(source: ByteSource, allowedGlobals: readonly string[]): Findings {
  const named = new Set<string>();
  let hidden = false;
  for (let at = 0; at < source.size; at += WINDOW) {
    const text = source.read(at, WINDOW + OVERLAP).toString('latin1');
    for (const key of namesIn(text)) named.add(key);
    hidden ||= HIDDEN.test(text);
  }
  const problems = [...named]
    .filter((name) => !KERAS_CLASSES.has(name) && !allowedGlobals.includes(`keras ${name}`))
    .map((name) =>
      fault(
        undefined,
        `names the class ${quoted(name)}, which is not one of Keras's own without code`,
        'list it in allowed_globals as "keras class", if you know what loading it does',
      ),
    );
  if (hidden) problems.push(fault(undefined, 'writes plain letters as escapes, which hides what it names'));
  return { problems, globals: [...named].map((name) => `keras ${name}`) };
}

/** Classes that a text names as Keras does, and that are none of Keras's own without code. */
export function strangeClasses(text: string, allowedGlobals: readonly string[]): string[] {
  return namesIn(text).filter(
    (name) => !KERAS_CLASSES.has(name) && !allowedGlobals.includes(`keras ${name}`),
  );
}

const WINDOW = 4 * 1024 * 1024;
const OVERLAP = 1024;
/** Letters that need no escape: whoever writes them so hides a name. */
const HIDDEN = /\\u00[2-7][0-9a-f]/i;
const CLASS_NAME = /"class_name"\s{0,100}:\s{0,100}"((?:[^"\\]|\\.){0,200})"/g;

function namesIn(text: string): string[] {
  return [...text.matchAll(CLASS_NAME)].map(([, name = '']) => name);
}

function isBuiltIn(key: string): boolean {
  const at = key.indexOf(' ');
  const module = key.slice(0, at);
  return (module === '' || KERAS_MODULE.test(module)) && KERAS_CLASSES.has(key.slice(at + 1));
}

/** Every object that names a class, as `module class`; the parser has bounded how deep this goes. */
function classesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(classesIn);
  if (typeof value !== 'object' || value === null) return [];
  const { class_name: name, module, registered_name: registered } = value as Record<string, unknown>;
  const below = Object.values(value).flatMap(classesIn);
  if (name === undefined) return below;
  const own = typeof name === 'string' && (typeof module === 'string' || module == null);
  const key = own ? `${module ?? ''} ${name}` : ' of no readable name';
  const foreign = typeof registered === 'string' && registered !== name ? [`registered ${registered}`] : [];
  return [key, ...foreign, ...below];
}

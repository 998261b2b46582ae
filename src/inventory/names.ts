import { ModelId, type ModelName, ModelVersion } from '../domain/index.ts';
import { sha256Hex } from '../lib/index.ts';
import type { SeenDeployment } from './contract.ts';

/** A model version as a source names it, and a word on it where that is no name of ours. */
export interface SeenName extends ModelName {
  /** For `how`; empty where the name is as the source has it. */
  readonly note: string;
}

/** What a version is called that nobody gives. No model is governed under it unless somebody submits it so. */
const NO_VERSION = 'unknown';
const TOLD = 60;

/**
 * The model version that a source names, in any characters. A leading `v` before a digit is left out, as `v1.0` is another
 * spelling of `1.0`. What is no name is escaped so that it cannot be taken for another, and is therefore not governed.
 */
export function seenName(model: string, version: string | undefined): SeenName {
  const modelId = ModelId.safeParse(model).success ? model : escapedName(model);
  const plain = (version ?? NO_VERSION).replace(/^[vV](?=\d)/, '');
  const modelVersion = ModelVersion.safeParse(plain).success ? plain : escapedName(plain);
  const notes = [
    ...(modelId === model ? [] : [`the model is called ${quoted(model)} there, which is no model id`]),
    ...(modelVersion === plain ? [] : [`the version is called ${quoted(plain)} there, which is none`]),
    ...(version === undefined ? ['nobody says which version it is'] : []),
  ];
  return { modelId, modelVersion, note: notes.map((note) => `; ${note}`).join('') };
}

/** Gives each deployment a name of its own: one that comes again, by mistake or to hide another, is numbered. */
export function distinct(observations: readonly SeenDeployment[]): SeenDeployment[] {
  const times = new Map<string, number>();
  return observations.map((seen) => {
    const key = `${seen.environment}/${seen.deployment}`;
    const before = times.get(key) ?? 0;
    times.set(key, before + 1);
    return before === 0 ? seen : { ...seen, deployment: `${seen.deployment}~${before + 1}` };
  });
}

/** A text made into a name of its own: what it can keep, and digits that tell it from all others. */
export function escapedName(text: string): string {
  const kept = text.replaceAll(/[^A-Za-z0-9._-]+/g, '_').slice(0, 100);
  return `escaped-${kept}-${sha256Hex(text.toWellFormed()).slice(0, 12)}`;
}

/** A text from outside, for people: in quotes, cut, with nothing in it that could be taken for something else. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > TOLD ? `${text.slice(0, TOLD)}…` : text).replaceAll(
    /[^\x20-\x7e…]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

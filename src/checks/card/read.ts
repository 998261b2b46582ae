import type { CheckProblem } from '../../domain/index.ts';
import type { CheckFile, CheckInput } from '../contract.ts';
import { decodeText } from '../evidence/document.ts';
import { readEvidence } from '../evidence/file.ts';
import { parseStrictJson } from '../evidence/strict-json.ts';
import { notSubmitted, problem, toCheckProblems } from '../report.ts';
import { cycloneDxSource } from './cyclonedx/source.ts';
import { type CardFormat, formatOfJson, formatOfText } from './format.ts';
import { huggingFaceSource } from './hugging-face/source.ts';
import { modelCardToolkitSource } from './model-card-toolkit/source.ts';
import { type CardReading, type CardSource, MODEL_CARD, unread } from './source.ts';
import { spdxSource } from './spdx/source.ts';

export { type CardReading, MODEL_CARD } from './source.ts';

const MAX_BYTES = 8 * 1024 * 1024;
const READABLE =
  'CycloneDX 1.6 and 1.7 in JSON, Hugging Face README.md, Model Card Toolkit 0.0.2 and SPDX 3.0 in JSON';
const REWRITE = `write the card in one of these: ${READABLE}`;

/** A submitted card document, or why there is none to check. */
export type CardDocument =
  | { readonly kind: 'readable'; readonly source: CardSource }
  | { readonly kind: 'unsupported'; readonly message: string; readonly problems: readonly CheckProblem[] }
  | { readonly kind: 'unreadable'; readonly problems: readonly CheckProblem[] };

/** Reads the card's document and tells its format, without judging its content. */
export async function readCardDocument(file: CheckFile): Promise<CardDocument> {
  const bytes = await readEvidence(MODEL_CARD, file, MAX_BYTES);
  if (!bytes.ok) return { kind: 'unreadable', problems: toCheckProblems(bytes.problems) };
  const text = decodeText(MODEL_CARD, bytes.value);
  if (!text.ok) return { kind: 'unreadable', problems: toCheckProblems(text.problems) };
  if (text.value.trim() === '')
    return { kind: 'unreadable', problems: [problem(MODEL_CARD, 'is empty', REWRITE)] };
  if (!/^\s*[{[]/.test(text.value)) return documentOf(formatOfText(text.value), text.value);
  const json = parseStrictJson(MODEL_CARD, text.value);
  if (!json.ok) return { kind: 'unreadable', problems: toCheckProblems(json.problems) };
  return documentOf(formatOfJson(json.value), json.value);
}

/** Reads the card of the model version under review; every way in which that can fail is insufficient evidence. */
export async function readCard(
  input: Pick<CheckInput<unknown>, 'evidence' | 'modelId' | 'modelVersion'>,
): Promise<CardReading> {
  const file = input.evidence.get(MODEL_CARD);
  if (file === undefined)
    return unread('no model card was submitted (evidence model_card)', [
      notSubmitted(MODEL_CARD, 'the model card'),
    ]);
  const document = await readCardDocument(file);
  if (document.kind === 'unsupported') return unread(document.message, document.problems);
  if (document.kind === 'unreadable') {
    const first = document.problems[0];
    return unread(`the model card cannot be read: it ${first?.message}`, document.problems);
  }
  return document.source.card(input);
}

async function documentOf(format: CardFormat, value: unknown): Promise<CardDocument> {
  switch (format.kind) {
    case 'cyclonedx':
      return { kind: 'readable', source: cycloneDxSource(format.specVersion, value) };
    case 'model_card_toolkit':
      return { kind: 'readable', source: modelCardToolkitSource(value) };
    case 'spdx':
      return { kind: 'readable', source: spdxSource(format.specVersion, value) };
    case 'hugging_face': {
      const source = await huggingFaceSource(String(value));
      return source.ok
        ? { kind: 'readable', source: source.value }
        : { kind: 'unreadable', problems: toCheckProblems(source.problems) };
    }
    case 'unsupported':
      return {
        kind: 'unsupported',
        message: `the model card is ${format.name}; only ${READABLE} can be checked`,
        problems: [problem(MODEL_CARD, `is ${format.name}, which cannot be checked`, REWRITE)],
      };
    case 'unknown': {
      const message = `is no model card format that we know: ${READABLE} can be checked`;
      return { kind: 'unreadable', problems: [problem(MODEL_CARD, message, REWRITE)] };
    }
  }
}

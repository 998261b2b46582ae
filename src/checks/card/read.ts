import type { CheckProblem } from '../../domain/index.ts';
import type { CheckFile, CheckInput } from '../contract.ts';
import { decodeText } from '../evidence/document.ts';
import { readEvidence } from '../evidence/file.ts';
import { parseStrictJson } from '../evidence/strict-json.ts';
import { problem, toCheckProblems } from '../report.ts';
import { Bom, componentsNaming } from './bom.ts';
import type { Card } from './card.ts';
import { type CycloneDxVersion, formatOfJson, formatOfText } from './format.ts';
import { toCard } from './to-card.ts';

/** The evidence name of the model card. */
export const MODEL_CARD = 'model_card';
const MAX_BYTES = 8 * 1024 * 1024;

/** A submitted card document, or why there is none to check. */
export type CardDocument =
  | { readonly kind: 'cyclonedx'; readonly specVersion: CycloneDxVersion; readonly value: unknown }
  | { readonly kind: 'unsupported'; readonly message: string }
  | { readonly kind: 'unreadable'; readonly problems: readonly CheckProblem[] };

/** A card that can be checked, or the sentence and problems that say why not. */
export type CardReading =
  | { readonly ok: true; readonly card: Card }
  | { readonly ok: false; readonly message: string; readonly problems: readonly CheckProblem[] };

/** Reads the card's document and tells its format, without judging its content. */
export async function readCardDocument(file: CheckFile): Promise<CardDocument> {
  const bytes = await readEvidence(MODEL_CARD, file, MAX_BYTES);
  if (!bytes.ok) return { kind: 'unreadable', problems: toCheckProblems(bytes.problems) };
  const text = decodeText(MODEL_CARD, bytes.value);
  if (!text.ok) return { kind: 'unreadable', problems: toCheckProblems(text.problems) };
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
  if (file === undefined) return refused('no model card was submitted (evidence model_card)');
  const document = await readCardDocument(file);
  switch (document.kind) {
    case 'unsupported':
      return refused(document.message);
    case 'unreadable':
      return refused('the model card cannot be read', document.problems);
    case 'cyclonedx':
      return cardIn(document.value, input.modelId, input.modelVersion);
  }
}

function cardIn(value: unknown, modelId: string, modelVersion: string): CardReading {
  const bom = Bom.safeParse(value);
  if (!bom.success) {
    const problems = bom.error.issues.map((issue) =>
      problem(`${MODEL_CARD}: ${issue.path.join('.')}`, issue.message),
    );
    return refused('the model card is not a valid CycloneDX document; see model_card_schema_valid', problems);
  }
  const [found, ...others] = componentsNaming(bom.data, modelId, modelVersion);
  if (found === undefined || others.length > 0) {
    return refused(
      `the model card does not name ${modelId}@${modelVersion} exactly once; see model_card_schema_valid`,
    );
  }
  if (found.component.modelCard === undefined) return refused(`${found.where} has no modelCard`);
  return { ok: true, card: toCard(bom.data, found, found.component.modelCard) };
}

function refused(message: string, problems: readonly CheckProblem[] = []): CardReading {
  return { ok: false, message, problems };
}

function documentOf(format: ReturnType<typeof formatOfJson>, value: unknown): CardDocument {
  switch (format.kind) {
    case 'cyclonedx':
      return { kind: 'cyclonedx', specVersion: format.specVersion, value };
    case 'unsupported':
      return {
        kind: 'unsupported',
        message: `the model card is ${format.name}; only CycloneDX 1.6 and 1.7 in JSON can be checked`,
      };
    case 'unknown': {
      const message = 'is no model card format that we know: expected CycloneDX 1.6 or 1.7 in JSON';
      return { kind: 'unreadable', problems: [problem(MODEL_CARD, message)] };
    }
  }
}

import type { CheckProblem } from '../../domain/index.ts';
import type { CheckInput } from '../contract.ts';
import type { Card } from './card.ts';

/** The evidence name of the model card. */
export const MODEL_CARD = 'model_card';

/** The model version that a card has to be about, and the artifact that it has to describe. */
export type CardSubject = Pick<CheckInput<unknown>, 'modelId' | 'modelVersion' | 'artifact'>;

/** A card that can be checked, or the sentence and problems that say why not. */
export type CardReading =
  | { readonly ok: true; readonly card: Card }
  | { readonly ok: false; readonly message: string; readonly problems: readonly CheckProblem[] };

/** A submitted card in one of the formats that we read. Adding a format is one of these and its line in `read.ts`. */
export interface CardSource {
  /** As people know it, with its version: `CycloneDX 1.6`. */
  readonly format: string;
  /** What the schema of the declared version has against the document. */
  schemaProblems(): Promise<readonly CheckProblem[]>;
  /** What stands against a document that its schema accepts: it names another model or artifact, or refers to nothing. */
  subjectProblems(subject: CardSubject): readonly CheckProblem[];
  /** The card of the model version under review, in the form that the checks read. */
  card(subject: Pick<CardSubject, 'modelId' | 'modelVersion'>): CardReading;
}

/** A reading that came to nothing. */
export function unread(message: string, problems: readonly CheckProblem[]): CardReading {
  return { ok: false, message, problems };
}

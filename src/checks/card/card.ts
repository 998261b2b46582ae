/** A text of the card and where it stands. */
export interface CardText {
  readonly text: string;
  readonly where: string;
}

/** One metric as the card states it; values as text, since some formats write them so. */
export interface CardMetric {
  readonly type: string;
  readonly value: string;
  readonly slice?: string;
  readonly lowerBound?: string;
  readonly upperBound?: string;
  readonly where: string;
}

/** A dataset that the card refers to. */
export interface CardDataset {
  readonly name: string;
  readonly description: string;
  /** The id by which the document knows it, where it has one. */
  readonly ref?: string;
  /** Set where the format itself says that metrics were computed on it. */
  readonly evaluation?: true;
}

/** Where the format of a card keeps each part, in the words of problems and remedies. */
export interface CardTerms {
  readonly metrics: string;
  readonly limitations: string;
  readonly uses: string;
  readonly users: string;
  readonly datasets: string;
  /** How to state a use that is out of scope. */
  readonly outOfScope: string;
  /** How to state a metric of a slice. */
  readonly slice: string;
  /** How to name the evaluation data. */
  readonly evaluationData: string;
  /** How to state a property of our namespace. */
  readonly property: (name: string) => string;
}

/** A model card, whatever its format: what the checks read. */
export interface Card {
  readonly format: string;
  readonly task: string;
  readonly metrics: readonly CardMetric[];
  readonly datasets: readonly CardDataset[];
  readonly limitations: readonly CardText[];
  readonly uses: readonly CardText[];
  readonly outOfScopeUses: readonly CardText[];
  readonly users: readonly CardText[];
  /** Namespaced properties, by name in lower case. */
  readonly properties: ReadonlyMap<string, readonly CardText[]>;
  readonly terms: CardTerms;
}

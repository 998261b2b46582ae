/** A text of the card and where it stands. */
export interface CardText {
  readonly text: string;
  readonly where: string;
}

/** One metric as the card states it; values are text in CycloneDX. */
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
  /** The `bom-ref` by which the BOM knows it, where it has one. */
  readonly ref?: string;
}

/** A model card, whatever its format: what the checks read. */
export interface Card {
  readonly format: string;
  readonly task: string;
  readonly description: string;
  readonly metrics: readonly CardMetric[];
  readonly datasets: readonly CardDataset[];
  readonly limitations: readonly CardText[];
  readonly uses: readonly CardText[];
  readonly outOfScopeUses: readonly CardText[];
  readonly users: readonly CardText[];
  /** Namespaced properties, by name in lower case. */
  readonly properties: ReadonlyMap<string, readonly CardText[]>;
}

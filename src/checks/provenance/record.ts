import type { CheckProblem } from '../../domain/index.ts';

/** How much of a person a dataset is declared to hold, least first. */
export const PERSONAL_DATA = ['none', 'pseudonymised', 'personal', 'special'] as const;
export type PersonalData = (typeof PERSONAL_DATA)[number];

/** What a purpose is in the life of a model; `other` where its words do not tell. */
export const PURPOSE_KINDS = ['model_training', 'model_evaluation', 'bias_detection', 'other'] as const;
export type PurposeKind = (typeof PURPOSE_KINDS)[number];

/** A document and its day, such as a balancing test. */
export interface DatedDocument {
  readonly reference: string;
  /** `YYYY-MM-DD`; absent where the source gives none. */
  readonly date?: string;
}

/** What shows that consent was given, and how it is taken back. */
export interface ConsentRecord extends DatedDocument {
  readonly version?: string;
  readonly withdrawal?: string;
}

/** One lawful basis with what it must be backed by. */
export interface LegalBasis {
  /** The term in full as stated, such as `A6-1-f-controller`; may be none that DPV knows. */
  readonly term: string;
  readonly where: string;
  readonly consent?: ConsentRecord;
  readonly balancingTest?: DatedDocument;
  /** The law that obliges or empowers, for A6-1-c and A6-1-e. */
  readonly law?: string;
}

/** Why data are processed, and on what basis. */
export interface Purpose {
  readonly name: string;
  readonly kind: PurposeKind;
  readonly where: string;
  readonly bases: readonly LegalBasis[];
  /** Record of the conditions of Art. 4a AI Act: special categories for the detection of bias. */
  readonly article4a?: DatedDocument & { readonly biasCorrected?: string };
}

/** Something kept longer than the data's own period, and the documents it covers. */
export interface Hold {
  readonly reason: string;
  readonly documents: readonly string[];
}

/** How long data are kept and what happens then. */
export interface Retention {
  /** ISO 8601, such as `P18M`. */
  readonly duration?: string;
  /** What ends the period where no duration does, and its day once known. */
  readonly endEvent?: string;
  readonly endDate?: string;
  /** What starts the period. */
  readonly startEvent?: string;
  /** The day it started; else the day the snapshot was made. */
  readonly startDate?: string;
  readonly deletion?: string;
  readonly owner?: string;
  /** The day on which the data were deleted. */
  readonly deleted?: string;
  readonly holds: readonly Hold[];
  readonly where: string;
}

/** Where data come from: another dataset, a body, a place on the web. */
export interface Source {
  /** Its IRI or id, or its name. */
  readonly id: string;
  readonly name?: string;
  /** ISO 3166-1 alpha-2 country of origin, or the words that stand for it. */
  readonly country?: string;
}

/** A file of the dataset as documented. */
export interface DataFile {
  readonly name: string;
  /** 64 lower-case hex digits. */
  readonly sha256?: string;
}

/** How and when the data were collected. */
export interface Collection {
  readonly method?: string;
  /** Words or an interval, such as `2026-04-01/2026-06-30`. */
  readonly timeframe?: string;
}

/** One dataset, whatever format documents it: what the checks read. */
export interface DataRecord {
  /** The id in evidence names: `dataset.<id>`, `data.<id>`. */
  readonly id: string;
  /** Evidence that speaks of it, for the places of problems. */
  readonly where: string;
  readonly format: string;
  /** All names by which a model card may refer to it. */
  readonly names: readonly string[];
  readonly licences: readonly string[];
  readonly collection: Collection;
  readonly version?: string;
  /** The day this snapshot was made. */
  readonly created?: string;
  readonly files: readonly DataFile[];
  /** Datasets or places that this one was made from. */
  readonly derivedFrom: readonly Source[];
  /** Who collected or issued the data first. */
  readonly origins: readonly Source[];
  readonly countries: readonly string[];
  readonly personalData?: PersonalData;
  readonly categories: readonly string[];
  readonly measures: readonly string[];
  readonly purposes: readonly Purpose[];
  readonly retention?: Retention;
  /** Terms of use that the format states, such as DUO codes. */
  readonly usage: readonly string[];
  /** What the format demands and the document lacks: counts under the profile `strict`. */
  readonly formatProblems: readonly CheckProblem[];
  /** What is wrong under any profile, such as two documents that contradict each other. */
  readonly contradictions: readonly CheckProblem[];
  readonly warnings: readonly CheckProblem[];
}

/** A record that says nothing yet. */
export function emptyRecord(id: string, where: string, format: string): DataRecord {
  return {
    id,
    where,
    format,
    names: [id],
    licences: [],
    collection: {},
    files: [],
    derivedFrom: [],
    origins: [],
    countries: [],
    categories: [],
    measures: [],
    purposes: [],
    usage: [],
    formatProblems: [],
    contradictions: [],
    warnings: [],
  };
}

/** A name as evidence names spell it: lower case, `_` for what is no letter or digit, without a leading `dataset`. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .replace(/^dataset_(?=.)/, '');
}

import type { Artifact } from '../artifact/index.ts';
import type { Digest } from '../digest.ts';
import type { Instant } from '../instant.ts';
import { type ModelName, modelName } from '../model-version.ts';
import type { Finding } from '../monitoring/finding.ts';

/** What is known of a published file: with the bytes that have its digest, it is the file. */
export interface PublishedFile {
  /** Its name below the model version, parts joined by `/`. */
  readonly name: string;
  readonly mediaType: string;
  readonly digest: Digest;
  /** Size in bytes. */
  readonly bytes: number;
  /** Of a bundle with a statement: what it says. */
  readonly predicateType: string | null;
  /** When what it says was said. */
  readonly createdAt: Instant;
  /** Set where it was replaced or taken back, and the place did not let go of it. */
  readonly stale?: true;
}

/** How a published file is not what it should be. */
interface PublicationFault {
  readonly name: string;
  readonly kind: 'missing' | 'differs' | 'stands';
}

/** What stands published in one place of one model version. */
export interface Publication extends ModelName {
  /** Name of the place. */
  readonly place: string;
  readonly artifact: Artifact;
  readonly files: readonly PublishedFile[];
  /** When the files were published; null while they were not. */
  readonly publishedAt: Instant | null;
  /** What the last look found wrong. */
  readonly faults: readonly PublicationFault[];
  /** Null where the place could be used. */
  readonly failure: PublicationFailure | null;
}

/** Why a place could not be used, for what, and since when. */
interface PublicationFailure {
  readonly doing: 'publishing' | 'looking';
  readonly reason: string;
  readonly since: Instant;
}

/** Findings about a publication: what was altered, and what cannot be put or looked at. */
export function publicationFindings(publication: Publication): readonly Finding[] {
  const { faults, failure } = publication;
  return [
    ...(faults.length > 0 ? [altered(publication)] : []),
    ...(failure === null ? [] : [unpublished(publication, failure)]),
  ];
}

/** How many files a finding names. */
const NAMED = 5;

function altered(publication: Publication): Finding {
  const { place, faults } = publication;
  const list = faults.slice(0, NAMED).map(({ name, kind }) => `${name} ${IN_WORDS[kind]}`);
  const isChanged = !faults.every(isStanding);
  const findOut = `Find out who changed it. Then publish it again: countersign publish ${modelName(publication)}`;
  const more = faults.length > NAMED ? [`${faults.length - NAMED} more`] : [];
  return {
    ...about(publication, 'evidence_altered'),
    severity: 'critical',
    summary: `the published evidence of ${modelName(publication)} in ${place} is not what was published: ${[...list, ...more].join('; ')}`,
    remedy: [...(isChanged ? [findOut] : []), ...(faults.some(isStanding) ? [LET_GO] : [])].join(' '),
  };
}

const IN_WORDS = {
  missing: 'is missing',
  differs: 'differs',
  stands: 'still stands in an older version, which the registry does not let go of',
} as const;

const LET_GO =
  'Whoever reads the older summary may believe it: delete it in the registry, or let the account that publishes delete manifests there; each publishing tries that again. Until then demand that a summary is younger than a day.';

function isStanding({ kind }: PublicationFault): boolean {
  return kind === 'stands';
}

function unpublished(publication: Publication, { doing, reason }: PublicationFailure): Finding {
  const { place } = publication;
  return {
    ...about(publication, 'evidence_unpublished'),
    severity: 'warning',
    summary: `the evidence of ${modelName(publication)} ${DOING[doing]} ${place}: ${reason}`,
    remedy:
      'Make the place reachable, or correct its entry under publish: in countersign.yaml. It is tried again by itself.',
  };
}

const DOING = { publishing: 'cannot be published in', looking: 'cannot be looked at in' } as const;

/** It is about no deployment, but about a copy of the evidence. */
function about({ place, artifact, modelId, modelVersion }: Publication, kind: Finding['kind']) {
  return {
    key: `${kind}/${place}/${modelName({ modelId, modelVersion })}`,
    kind,
    deployment: `*/${place}`,
    environment: '*',
    modelId,
    modelVersion,
    observed: null,
    expected: artifact.digest,
  } as const;
}

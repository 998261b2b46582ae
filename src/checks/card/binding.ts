import { type CheckProblem, hexOf } from '../../domain/index.ts';
import { problem, quoted } from '../report.ts';
import { type CardSubject, MODEL_CARD } from './source.ts';

/** A SHA-256 that a card states of its artifact. */
export interface StatedHash {
  readonly where: string;
  readonly sha256: string;
}

/** What is wrong with the hashes that a card states of its artifact: none at all, or one of other bytes. */
export function hashProblems(
  stated: readonly StatedHash[],
  { artifact }: CardSubject,
  missing: { readonly where: string; readonly remedy: (sha256: string) => string },
): CheckProblem[] {
  const wanted = hexOf(artifact.digest);
  if (stated.length === 0) {
    return [
      problem(`${MODEL_CARD}: ${missing.where}`, 'has no SHA-256 of the artifact', missing.remedy(wanted)),
    ];
  }
  return stated
    .filter(({ sha256 }) => sha256.toLowerCase() !== wanted)
    .map(({ where, sha256 }) =>
      problem(
        `${MODEL_CARD}: ${where}`,
        `the card describes other bytes: SHA-256 ${quoted(sha256)}, the artifact is ${wanted}`,
        'write the card for this artifact',
      ),
    );
}

/** What is wrong where a card names one model version at one place. */
export function nameProblems(
  where: string,
  named: { readonly id: string | undefined; readonly version: string | undefined },
  { modelId, modelVersion }: Pick<CardSubject, 'modelId' | 'modelVersion'>,
): CheckProblem[] {
  if (named.id === modelId && named.version === modelVersion) return [];
  const shown = quoted(`${named.id ?? '?'}@${named.version ?? '?'}`);
  return [
    problem(
      `${MODEL_CARD}: ${where}`,
      `names ${shown}, not ${modelId}@${modelVersion}`,
      'name the model id and version of the submission there, the version as quoted text',
    ),
  ];
}

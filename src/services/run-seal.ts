import { canonicalJson, isSignedText, signText } from '../lib/index.ts';
import type { Run } from '../storage/index.ts';

/** What proves that a surface queued a run as it stands in the database, whoever else can write there. */
export interface RunSealContext {
  /** Private key of this surface's own, in no database: Ed25519, PEM, PKCS#8. */
  readonly runSealKey: string;
  /**
   * Public keys of the surfaces that queue runs, as they are published now: PEM, SPKI.
   * @throws CountersignError `unavailable` while those that must be there are not
   */
  readonly runSealKeys: () => Promise<readonly string[]>;
}

/** A run that is not stored yet. */
export type DraftedRun = Omit<Run, 'seal'>;

/** A run with the seal of the surface that queues it, over all of it that never changes. */
export function sealRun({ runSealKey }: Pick<RunSealContext, 'runSealKey'>, run: DraftedRun): Run {
  return { ...run, seal: signText(runSealKey, sealedText(run)) };
}

/**
 * Why nothing may rest on a run as it was read from the database; null where it is as it was queued.
 * @throws CountersignError `unavailable` as `runSealKeys`
 */
export async function sealFault(
  { runSealKeys }: Pick<RunSealContext, 'runSealKeys'>,
  run: Run,
): Promise<string | null> {
  const { id, seal } = run;
  if (seal === null)
    return `integrity: run ${id} bears no seal: it was queued by an earlier release, or by nobody who may; submit it again`;
  const text = sealedText(run);
  if ((await runSealKeys()).some((key) => isSignedText(key, text, seal))) return null;
  return `integrity: run ${id} is not what its seal was made for: find out who altered it in the database, or whether the key of the seals was lost, and submit it again`;
}

/** Everything but what becomes of it. What it has not is left out, so that a release that knows more of runs still knows this one. */
function sealedText(run: DraftedRun | Run): string {
  const { state, currentStage, riskTier, failure, stands, finishedAt, ...queued } = run;
  const said = Object.entries({ ...queued, seal: null }).filter(([, value]) => value !== null);
  return canonicalJson(['run', Object.fromEntries(said)]);
}

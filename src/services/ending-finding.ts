import type { FindingKind, ModelName } from '../domain/index.ts';
import { listFindings } from '../storage/index.ts';
import type { BaseContext } from './context.ts';

const ENDING: readonly FindingKind[] = ['approval_expiring', 'approval_expired'];

/** The oldest finding that fires and says that the governance of a model version ends, or has; null for none. */
export async function endingFinding(
  { db }: Pick<BaseContext, 'db'>,
  { modelId, modelVersion }: ModelName,
): Promise<number | null> {
  const firing = await listFindings(db, { state: 'firing', modelId });
  const ending = firing.filter(
    ({ finding }) => finding.modelVersion === modelVersion && ENDING.includes(finding.kind),
  );
  return ending.at(-1)?.id ?? null;
}

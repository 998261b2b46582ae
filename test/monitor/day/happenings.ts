import { expect } from 'vitest';
import { listDeployments } from '../../../src/storage/index.ts';
import { bytesOf, type Stage } from './stage.ts';
import { cutLeader } from './watcher.ts';

/**
 * The leader's connection breaks while the source keeps it waiting; something changes, the other monitor leads and concludes
 * what is true by then. The first one is answered by what served when it asked: it must conclude nothing of that.
 */
export async function cutWhileLooking(
  { serving, monitors, harness }: Stage,
  change: () => void,
): Promise<void> {
  const old = monitors.find(({ leads }) => leads);
  const next = monitors.find(({ leads }) => !leads);
  const hold = serving.holdNext();
  const look = old?.tick();
  await hold.asked;
  await cutLeader(harness.database);
  change();
  expect(await next?.tick()).toMatchObject({ led: true });
  hold.letGo();
  await expect(look).rejects.toThrow();
  expect(await old?.shown(), 'two that show what they found cannot be told apart').not.toContain(
    'governance_model_hash',
  );
}

/** The leader is killed right after it noted what it found: nobody was told. */
export async function killUntold({ monitors }: Stage): Promise<void> {
  const leader = monitors.find(({ leads }) => leads);
  expect(await leader?.tick()).toMatchObject({ led: true });
  await leader?.kill();
}

/** The next trust policy revokes the bytes of a version. */
export function revoke({ harness }: Stage, model: string): void {
  const { policy } = harness.story.context.trust;
  Object.assign(policy, { revoked: { ...policy.revoked, artifacts: [bytesOf(model)] } });
}

/** How each deployment stands, as everybody is told who asks. */
export async function standings({ harness }: Stage): Promise<Record<string, string>> {
  const rows = await listDeployments(harness.database.db);
  return Object.fromEntries(
    rows.map(({ deployment, status, staleSince }) => [
      deployment,
      staleSince === null ? status : `${status}, stale`,
    ]),
  );
}

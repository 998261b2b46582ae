import { expect, it } from 'vitest';
import { DAY, later, SECOND } from '../../src/lib/index.ts';
import { createLead, reconcile } from '../../src/services/index.ts';
import { openWatched } from './watched.ts';

it('an alert tells once of the end of the trust policy, again when it is over, and ends with the next version', async () => {
  await using watched = await openWatched();
  const { clock } = watched.governance;
  const { policy } = watched.context.trust;
  const issue = (version: number) => {
    const issuedAt = clock.now();
    Object.assign(policy, { edition: { version, issuedAt, validUntil: later(issuedAt, 30 * DAY) } });
  };
  const told = async () => {
    await watched.tick();
    const rows = await watched.firing();
    return [rows.map(({ finding }) => [finding.kind, finding.severity]), (await watched.deliveries()).length];
  };
  issue(1);
  clock.advance(16 * DAY - SECOND);
  expect(await told()).toEqual([[], 0]);
  clock.advance(SECOND);
  expect(await told()).toEqual([[['trust_policy_expiring', 'warning']], 1]);
  clock.advance(DAY);
  expect(await told()).toEqual([[['trust_policy_expiring', 'warning']], 0]);
  clock.advance(13 * DAY);
  expect(await told()).toEqual([[['trust_policy_expiring', 'critical']], 1]);
  issue(2);
  expect(await told()).toEqual([[], 1]);
});

it('a trust policy on disk that is refused is a critical finding for as long as it is', async () => {
  await using watched = await openWatched();
  let refusal: string | null = 'it is version 1, and version 2 was seen already';
  const context = { ...watched.context, trustRefusal: () => refusal };
  const lead = createLead(context);
  await reconcile(context, lead);
  const [row] = await watched.firing();
  expect(row?.finding).toMatchObject({ kind: 'trust_policy_refused', severity: 'critical' });
  expect(row?.finding.summary).toContain('version 2 was seen already');
  refusal = null;
  await reconcile(context, lead);
  expect(await watched.firing()).toEqual([]);
  await lead.release();
});

import { expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { DAY } from '../../src/lib/index.ts';
import { pendingApprovals } from '../../src/services/index.ts';
import { openApprovalRequests } from '../../src/storage/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { openGovernance } from '../support/governed-artifact.ts';

it('requests whose time ran out are not read again, whether or not anybody noticed that it did', async () => {
  await using database = await createTestDatabase();
  const { clock, context, submit } = openGovernance(database.db);
  const open = async () => (await openApprovalRequests(database.db, clock.now())).map(({ runId }) => runId);
  const first = await submit({ modelId: 'm', modelVersion: '1', artifact: digestOf('1') });
  clock.advance(DAY);
  const second = await submit({ modelId: 'm', modelVersion: '2', artifact: digestOf('2') });
  expect(await open()).toEqual([first.id, second.id]);
  const [earliest] = await pendingApprovals(context);
  clock.advance(Date.parse(earliest?.request.view.expiresAt ?? '') - Date.parse(clock.now()));
  expect(await open()).toEqual([second.id]);
  expect((await pendingApprovals(context)).map(({ request }) => request.runId)).toEqual([second.id]);
});

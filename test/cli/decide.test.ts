import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusalOf } from '../../src/cli/client/refusal.ts';
import { digestOf } from '../../src/domain/index.ts';
import { openService, type Service } from './open-service.ts';
import { runHere } from './run-here.ts';

let service: Service;
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service[Symbol.asyncDispose]());

it('lists what waits, shows what is decided, and refuses what is not confirmed', async () => {
  const artifact = digestOf('bytes');
  await service.open.governance.submit({ modelId: 'fraud', modelVersion: '4.1.2', artifact });
  const listed = await runHere(['approvals'], service.env);
  expect(listed.stdout).toMatch(/fraud@4\.1\.2 +high_risk .*ml_lead \(lea\); compliance_officer \(cora\)/);
  const alone = await runHere(['approve', 'fraud@4.1.2'], service.env);
  expect([alone.status, alone.stderr]).toEqual([2, expect.stringContaining('--yes --digest')]);
  expect(alone.stdout).toContain(artifact);
  const typo = await runHere(['approve', 'fraud@4.1.2'], service.env, async () => '000000');
  expect(typo.stderr).toContain('nothing was recorded');
  const other = ['approve', 'fraud@4.1.2', '--yes', '--digest', digestOf('other')];
  expect((await runHere(other, service.env)).stderr).toContain('nothing was recorded');
  const ending = artifact.slice(-6);
  const ci = await runHere(['approve', 'fraud@4.1.2'], service.env, async () => ending);
  expect([ci.status, ci.stderr]).toEqual([2, expect.stringContaining('"decide"')]);
  const bare = await runHere(['reject', 'fraud@4.1.2'], service.env);
  expect(bare.stderr).toContain('--reason: a rejection needs one');
  expect((await runHere(['approve', 'none@1'], service.env)).stderr).toContain('nothing about none@1 waits');
});

it.each([
  [403, 'no_role', 'Declined', 'forbidden'],
  [409, 'a_reason_of_a_later_release', 'Declined', 'conflict'],
  [409, 'conflict', 'CountersignError', 'conflict'],
  [403, 'forbidden', 'CountersignError', 'forbidden'],
  [400, 'reason_required', 'CountersignError', 'invalid_input'],
  [503, 'role_unconfirmed', 'CountersignError', 'unavailable'],
])('takes a refusal with status %i and code %s for a no, or for no answer', (status, code, kind, ours) => {
  const body = { code, status, detail: 'Because.', instance: 'urn:uuid:1', problems: [] };
  const error = refusalOf(new Response(null, { status }), JSON.stringify(body), 'http://here');
  expect([error.constructor.name, error.code]).toEqual([kind, ours]);
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { createVerifier, type KeylessSettings, loadKeylessSigning } from '../../src/attestation/index.ts';
import { createKeylessVerifier } from '../../src/attestation/keyless/verify.ts';
import { systemClock } from '../../src/compose/clock.ts';
import type { TrustPolicy } from '../../src/domain/index.ts';
import { MINUTE } from '../../src/lib/index.ts';
import { decisionsOn } from '../../src/storage/index.ts';
import { createInstance } from '../attestation/conformance/instance.ts';
import { type Services, startServices, tokenFor } from '../attestation/keyless/services.ts';
import { temporaryFolder } from '../checks/support/workspace.ts';
import { type BotHarness, startBotHarness } from '../support/bot-harness.ts';
import { openConfig } from '../support/config.ts';

const WHO = { identity: 'https://kubernetes.io/serviceaccounts/approvals', issuer: 'https://issuer.example' };

/** Settings of a keyless approvals signer as the service has them, of an instance of the test's own. */
async function configured(): Promise<{ services: Services; settings: KeylessSettings }> {
  const sigstore = await createInstance(new Date(Math.ceil(Date.now() / 1000) * 1000));
  const services = await startServices(sigstore, () => '');
  onTestFinished(() => services.close());
  const folder = await temporaryFolder();
  const [root, token] = [join(folder, 'root.json'), join(folder, 'token')];
  await writeFile(root, JSON.stringify(sigstore.trustedRoot()));
  await writeFile(token, tokenFor(WHO, { exp: Math.floor(Date.now() / 1000) + 3600 }));
  const { url } = services;
  const { signing } = await openConfig({
    signing: {
      keyless: { approvals: { ...WHO, token_file: token } },
      sigstore: {
        ...{ trusted_root: root, fulcio_url: url, rekor_url: url, rekor_version: 2, timestamp_url: url },
      },
    },
  });
  const settings = signing.keyless.get('approvals');
  if (settings === undefined) throw new Error('the approvals signer is not keyless');
  return { services, settings };
}

async function startBot(settings: KeylessSettings): Promise<BotHarness> {
  const { createKeylessSigner } = await loadKeylessSigning();
  const signer = createKeylessSigner('approvals', settings, systemClock);
  const { trustedRoot } = settings.services;
  const verifierOf = (policy: TrustPolicy) =>
    createVerifier(policy, createKeylessVerifier({ ...policy, trustedRoot }));
  return startBotHarness({ approvals: { signer, verifierOf } });
}

/** Whether another transaction can have the request at once. */
async function isFree({ database }: BotHarness, requestId: string): Promise<boolean> {
  const lock = sql`select id from approval_requests where id = ${requestId} for update nowait`;
  return lock.execute(database.db).then(
    ({ rows }) => rows.length === 1,
    () => false,
  );
}

it('a Fulcio that is silent keeps a click for its patience alone; the next click counts once it answers', async () => {
  const { services, settings } = await configured();
  expect(settings.patience).toBe(5000);
  // One request may take as long as it likes: what ends it is the patience for the whole.
  const silent = { ...settings, patience: 300, services: { ...settings.services, timeout: 10 * MINUTE } };
  await using harness = await startBot(silent);
  const { card, requestId } = await harness.ask();
  const decisions = () => decisionsOn(harness.database.db, requestId);

  services.faults.set('/api/v2/signingCert', 'silence');
  await harness.approve('lea', card);
  const [failure] = await harness.work();
  expect(String(failure)).toContain('together took longer than 0.3 s; try again');
  expect([await isFree(harness, requestId), harness.told('lea')]).toEqual([true, []]);

  harness.story.advance(2 * MINUTE);
  expect(await harness.work()).toEqual([]);
  expect(harness.told('lea')).toEqual([expect.stringContaining('Temporary failure: nothing was recorded')]);
  expect([await isFree(harness, requestId), await decisions()]).toEqual([true, []]);

  services.faults.clear();
  await harness.click('lea', card);
  expect(harness.told('lea').at(-1)).toContain('Recorded');
  expect(await decisions()).toMatchObject([{ person: 'lea', decision: 'approved' }]);
  expect(services.asked.filter((path) => path === '/api/v2/signingCert')).toHaveLength(3);
});

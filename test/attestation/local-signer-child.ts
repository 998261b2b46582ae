import { loadOrCreateSigner } from '../../src/attestation/index.ts';

/** Waits for the word, so that several of these start at the same moment, then tells which key it ended up with. */
const [directory = '', now = ''] = process.argv.slice(2);
process.stdin.once('data', async () => {
  const { signer, createdAt } = await loadOrCreateSigner(directory, 'worker', now);
  process.stdout.write(JSON.stringify({ keyId: signer.keyId, createdAt }));
  process.stdin.destroy();
});
process.stdout.write('ready\n');

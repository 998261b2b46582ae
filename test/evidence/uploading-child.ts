import { digestOf } from '../../src/domain/index.ts';
import { createBlobStore } from '../../src/evidence/index.ts';

/** A process in the middle of an upload that does not end: it is to be killed. Arguments: folder, name of the upload. */
const [folder = '', name = ''] = process.argv.slice(2);

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('the first half');
  await new Promise(() => setInterval(() => undefined, 1000));
}

await createBlobStore(folder, () => name).put(digestOf('what it never gets to'), bytes(), 1000);

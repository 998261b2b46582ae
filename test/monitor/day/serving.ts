import { type Digest, hexOf } from '../../../src/domain/index.ts';
import type { InventorySource } from '../../../src/inventory/index.ts';
import { json } from '../../inventory/cluster.ts';
import { sourceAt, startSite } from '../../inventory/site.ts';

/** A service that lists what serves, as a real one does, and does with it what a test says. */
export interface Serving extends AsyncDisposable {
  /** A monitor's source that looks there. */
  source(): InventorySource;
  serve(deployment: string, model: `${string}@${string}`, digest: Digest): void;
  withdraw(deployment: string): void;
  /** Whether it answers with 503 from now on. */
  down: boolean;
  /** Keeps whoever asks next waiting for an answer until that is let go; it tells what served when it was asked. */
  holdNext(): { readonly asked: Promise<void>; readonly letGo: () => void };
}

/** The name of the source. */
const SERVING = 'serving';

export async function startServing(): Promise<Serving> {
  const items = new Map<string, object>();
  const held: { asked: () => void; until: Promise<void> }[] = [];
  const site = await startSite(async (_url, response) => {
    const served = [...items.values()];
    const hold = held.shift();
    hold?.asked();
    await hold?.until;
    if (serving.down) json(response, 503, { error: 'down for maintenance' });
    else json(response, 200, served);
  });
  const serving: Serving = {
    down: false,
    source: () =>
      sourceAt('http', { name: SERVING, url: site.url, environment: 'production', fields: FIELDS }),
    serve: (deployment, model, digest) => {
      const [name, version] = model.split('@');
      items.set(deployment, { deployment, name, version, sha256: hexOf(digest) });
    },
    withdraw: (deployment) => void items.delete(deployment),
    holdNext: () => {
      const [asked, until] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      held.push({ asked: asked.resolve, until: until.promise });
      return { asked: asked.promise, letGo: until.resolve };
    },
    [Symbol.asyncDispose]: () => site[Symbol.asyncDispose](),
  };
  return serving;
}

const FIELDS = { deployment: 'deployment', model: 'name', version: 'version', digest: 'sha256' };

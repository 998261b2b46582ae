import { startEmbeddedPostgres } from '../../src/storage/embedded-postgres/index.ts';

/**
 * Runs an embedded Postgres in a process of its own, for tests that kill that process or run it as another user.
 * Argument: the data folder. Reports to its parent, and stops the server when its parent says anything.
 */
export type ChildReport =
  | { readonly kind: 'started'; readonly connectionString: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'stopped' };

const report = (message: ChildReport): Promise<void> =>
  new Promise((resolve) => process.send?.(message, () => resolve()));

async function main(dataDir: string): Promise<void> {
  const told = new Promise((resolve) => process.once('message', resolve));
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, durability: 'none' });
    await report({ kind: 'started', connectionString: postgres.connectionString });
    await told;
    await postgres.stop();
    await report({ kind: 'stopped' });
  } catch (error) {
    await report({ kind: 'refused', message: error instanceof Error ? error.message : String(error) });
  }
  process.disconnect();
}

await main(process.argv[2] ?? '');

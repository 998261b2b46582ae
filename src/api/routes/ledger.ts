import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { CountersignError } from '../../domain/index.ts';
import { currentCheckpoint, readTile, tileAt } from '../../services/index.ts';
import type { ApiApp, ApiEnv } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { problems } from './answers.ts';

const BYTES = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } as const;

const checkpointRoute = createRoute({
  method: 'get',
  path: '/checkpoint',
  operationId: 'checkpoint',
  tags: ['ledger'],
  summary: "The ledger's head",
  description:
    'Size and root of the Merkle tree over all statements, as a signed note (C2SP tlog-checkpoint). Keep one: the ledger must extend it for ever.',
  responses: {
    200: {
      description: 'The checkpoint.',
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
    ...problems('integrity', 'unavailable', 'internal'),
  },
});

const tileRoute = createRoute({
  method: 'get',
  path: '/tile/{level}/{tile}',
  operationId: 'tile',
  tags: ['ledger'],
  summary: "A part of the ledger's tree",
  description:
    'Hashes of the tree, or with the level `entries` what its leaves are made of: statement ids, key ids and times, no content (C2SP tlog-tiles). What is served here never changes.',
  request: {
    params: z.object({
      level: z.string().openapi({ example: '0', description: 'A level from 0, or `entries`.' }),
      tile: z.string().openapi({
        example: '000.p/17',
        description:
          'The number of the tile, three digits a step (`x001/234`); `.p/` and a width where it is partial.',
      }),
    }),
  },
  responses: {
    200: { description: 'The tile.', content: BYTES },
    ...problems('not_found', 'unavailable', 'internal'),
  },
});

/** The ledger as a tiled transparency log: static, public, the same for everybody. */
export function addLedgerRoutes(app: ApiApp, { context }: RouteDependencies): void {
  app.openAPIRegistry.registerPath(checkpointRoute);
  app.get(checkpointRoute.path, async (c) => {
    c.header('Cache-Control', 'no-store');
    return c.text(await currentCheckpoint(context));
  });
  app.openAPIRegistry.registerPath(tileRoute);
  // A tile's number has as many steps as it has digits by three.
  app.get('/tile/*', async (c: Context<ApiEnv>) => {
    const tile = tileAt(c.req.path);
    const bytes = tile === null ? null : await readTile(context, tile);
    if (bytes === null) throw new CountersignError('not_found', 'the ledger has no such tile');
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    return c.body(new Uint8Array(bytes), 200, { 'Content-Type': 'application/octet-stream' });
  });
}

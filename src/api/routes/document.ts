import { createRoute, z } from '@hono/zod-openapi';
import type { ApiApp } from '../app.ts';
import { INDEX_PAGE_POLICY, indexPage } from '../pages/index-page.ts';

/** The version of this interface; `/api/v1` is its major. */
const API_VERSION = '1.0.0';

const documentRoute = createRoute({
  method: 'get',
  path: '/openapi.json',
  operationId: 'openapi',
  tags: ['operation'],
  summary: 'This description',
  description: 'Every route of the API in OpenAPI 3.1.',
  responses: {
    200: {
      description: 'The document.',
      content: { 'application/json': { schema: z.record(z.string(), z.unknown()) } },
    },
  },
});

const indexRoute = createRoute({
  method: 'get',
  path: '/',
  operationId: 'index',
  tags: ['operation'],
  summary: 'A page for people',
  description: 'Lists the routes.',
  responses: {
    200: { description: 'The page.', content: { 'text/html': { schema: { type: 'string' } } } },
  },
});

const TAGS = [
  { name: 'submission', description: 'Submitting model versions, and how their runs stand.' },
  { name: 'approvals', description: 'What waits for people, and their answers.' },
  { name: 'governance', description: 'Verdicts, records, and whom they rest on.' },
  {
    name: 'ledger',
    description: 'The Merkle tree of all statements, for whoever wants to watch it; no token needed.',
  },
  { name: 'monitoring', description: 'What is deployed, and what is wrong with it.' },
  { name: 'operation', description: 'Health, metrics and this description; no token needed.' },
];

/** The description of all routes, and a page made from it. Add these last. */
export function addDocumentRoutes(app: ApiApp): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description:
      'A token made with `countersign tokens create`. Routes name the scope they need; where they name several, one is enough.',
  });
  app.openAPIRegistry.registerPath(documentRoute);
  app.get(documentRoute.path, (c) => c.json(document()));
  app.openapi(indexRoute, (c) =>
    c.html(indexPage(document(), API_VERSION), 200, { 'Content-Security-Policy': INDEX_PAGE_POLICY }),
  );
  const document = () =>
    app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Countersign',
        version: API_VERSION,
        description:
          'Makes sure that every model in production carries a signed, current, complete governance record. Errors are problem details (RFC 9457).',
        license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      },
      servers: [{ url: '/', description: 'This server.' }],
      tags: TAGS,
    });
}

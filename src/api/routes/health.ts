import { createRoute, z } from '@hono/zod-openapi';
import { CountersignError } from '../../domain/index.ts';
import type { ApiApp } from '../app.ts';
import type { OperationDependencies } from '../dependencies.ts';
import { json, problems } from './answers.ts';

const Alive = z.object({ status: z.literal('alive') }).openapi('Alive');
const Readiness = z
  .object({
    status: z.enum(['ready', 'not_ready']),
    dependencies: z
      .record(z.string(), z.string())
      .openapi({ description: '`ok`, or what is wrong.', example: { database: 'ok', queue: 'ok' } }),
  })
  .openapi('Readiness');

const liveRoute = createRoute({
  method: 'get',
  path: '/livez',
  operationId: 'livez',
  tags: ['operation'],
  summary: 'Whether the process runs',
  description: 'Says nothing about its dependencies: restart the process only when this fails.',
  responses: { 200: json('It runs.', Alive) },
});

const readyRoute = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'readyz',
  tags: ['operation'],
  summary: 'Whether it can do its work',
  description: 'Names every dependency and what is wrong with it: send no traffic while this fails.',
  responses: {
    200: json('Everything is there.', Readiness),
    503: json('Something is not.', Readiness),
  },
});

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'metrics',
  tags: ['operation'],
  summary: 'Metrics for Prometheus',
  description:
    'Needs no token and holds nothing about people; the listener is on loopback unless configured otherwise.',
  responses: {
    200: {
      description: 'A Prometheus text format.',
      content: { 'text/plain': { schema: z.string() } },
    },
    ...problems('not_found', 'internal'),
  },
});

/** What orchestrators and Prometheus ask. */
export function addHealthRoutes(app: ApiApp, deps: OperationDependencies): void {
  app.openapi(liveRoute, (c) => c.json({ status: 'alive' as const }, 200));
  app.openapi(readyRoute, async (c) => {
    const dependencies = { ...(await deps.readiness()) };
    const ready = Object.values(dependencies).every((state) => state === 'ok');
    return ready
      ? c.json({ status: 'ready' as const, dependencies }, 200)
      : c.json({ status: 'not_ready' as const, dependencies }, 503);
  });
  app.openapi(metricsRoute, async (c) => {
    const page = await deps.metrics();
    if (page === null)
      throw new CountersignError(
        'not_found',
        'this process exports no metrics: the one with the monitor does',
      );
    return c.text(page.body, 200, { 'Content-Type': page.contentType });
  });
}

import { createRoute, z } from '@hono/zod-openapi';
import { describeRun, type RunLinks } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { closedPage, RUN_PAGE_POLICY, runPage } from '../pages/run-page.ts';

const page = (description: string) => ({
  description,
  content: { 'text/html': { schema: { type: 'string' as const } } },
});

const route = createRoute({
  method: 'get',
  path: '/runs/{id}',
  operationId: 'runPage',
  tags: ['governance'],
  summary: 'A page about a run, for people',
  description:
    'What the stages found, who decided what, and the verdict in each environment. Links to it stand on the cards in Slack: the key in a link opens this one page for a time, and nothing else.',
  request: {
    params: z.object({ id: z.string().openapi({ description: 'The run.' }) }),
    query: z.object({ key: z.string().default('').openapi({ description: 'The key of a link.' }) }),
  },
  responses: {
    200: page('The page.'),
    403: page('The link is not whole, or its time is over: the page says how to get another.'),
  },
});

/** Pages about runs, which whoever has a link may read. */
export function addRunPage(app: ApiApp, { context, settings }: RouteDependencies, links: RunLinks): void {
  app.openapi(route, async (c) => {
    c.header('Content-Security-Policy', RUN_PAGE_POLICY);
    const { id } = c.req.valid('param');
    const state = links.check(id, c.req.valid('query').key);
    if (state !== 'open') return c.html(closedPage(state), 403);
    const [first, ...others] = await Promise.all(
      settings.environments.map((environment) => describeRun(context, id, environment)),
    );
    if (first === undefined) throw new Error('no environment is configured');
    const { verdict, ...run } = first;
    const verdicts = [verdict, ...others.map((other) => other.verdict)];
    const nameOf = (person: string) => context.directory.nameOf(person);
    return c.html(runPage({ ...run, verdicts, nameOf }), 200);
  });
}

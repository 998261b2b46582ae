import type { NotFoundHandler } from 'hono';
import { CountersignError } from '../domain/index.ts';
import type { ApiApp, ApiEnv } from './app.ts';
import { HttpRefusal } from './problem.ts';

/** Answers what no route took: 405 where the path takes other methods, else 404. */
export function notFoundHandler(app: ApiApp): NotFoundHandler<ApiEnv> {
  return (c) => {
    const allowed = methodsOf(app, c.req.path);
    if (allowed.length === 0)
      throw new CountersignError('not_found', 'there is nothing at this address; / lists what there is');
    const list = allowed.join(', ');
    throw new HttpRefusal('method_not_allowed', `this address takes ${list}`, { Allow: list });
  };
}

/** The methods that a path takes, from the same descriptions as the document. */
function methodsOf(app: ApiApp, path: string): string[] {
  const routes = app.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === 'route' ? [definition.route] : [],
  );
  const methods = routes
    .filter((route) => patternOf(route.path).test(path))
    .map(({ method }) => method.toUpperCase());
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].sort();
}

function patternOf(template: string): RegExp {
  const steps = template.split(/\{[^}]+\}/).map((text) => text.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${steps.join('[^/]+')}$`);
}

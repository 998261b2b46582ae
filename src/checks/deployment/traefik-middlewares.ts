import { type Finding, fails } from './finding.ts';
import { type Resource, whereOf } from './resource.ts';
import { at, listAt, textAt } from './values.ts';

/** The Middlewares of a route, chains followed, and those that it names and that are not there. */
export interface Middlewares {
  readonly middlewares: readonly Resource[];
  readonly findings: readonly Finding[];
}

const MAX_CHAIN = 8;

/** Follows the middlewares that a rule of an IngressRoute names. */
export function middlewaresOf(route: Resource, rule: unknown, resources: readonly Resource[]): Middlewares {
  const named = listAt(rule, 'middlewares').map((reference) => ({
    namespace: textAt(reference, 'namespace') ?? route.namespace,
    name: textAt(reference, 'name') ?? '',
  }));
  return follow(route, named, resources, 0);
}

/** Follows names of middlewares in an object's own words. */
export function follow(
  from: Resource,
  named: readonly { readonly namespace: string; readonly name: string }[],
  resources: readonly Resource[],
  depth: number,
): Middlewares {
  const found = named.map(({ namespace, name }): Middlewares => {
    const middleware = resources.find(
      (resource) =>
        resource.kind === 'Middleware' && resource.namespace === namespace && resource.name === name,
    );
    if (middleware === undefined)
      return {
        middlewares: [],
        findings: [
          fails(
            whereOf(from),
            `names the Middleware ${namespace}/${name}, which is not there`,
            'submit it, or correct the name',
          ),
        ],
      };
    if (at(middleware.body, 'spec', 'chain') === undefined || depth >= MAX_CHAIN)
      return { middlewares: [middleware], findings: [] };
    const chained = listAt(middleware.body, 'spec', 'chain', 'middlewares').map((reference) => ({
      namespace: textAt(reference, 'namespace') ?? middleware.namespace,
      name: textAt(reference, 'name') ?? '',
    }));
    return follow(middleware, chained, resources, depth + 1);
  });
  return {
    middlewares: found.flatMap((part) => part.middlewares),
    findings: found.flatMap((part) => part.findings),
  };
}

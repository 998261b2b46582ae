import { type ApiDependencies, createApi } from '../../src/api/index.ts';
import { PROBLEMS } from '../../src/api/problem.ts';
import { code, page, table } from './markdown.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, unknown>>;
}

interface OpenApiDocument {
  readonly info: { readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** An operation with the line by which it is asked. */
interface Route {
  readonly line: string;
  readonly operation: Operation;
}

/** The page about the HTTP API, from its own OpenAPI document. */
export async function apiPage(): Promise<string> {
  const { info, tags, paths } = await openApiDocument();
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(
      ([method, operation]): Route => ({ line: `${method.toUpperCase()} ${path}`, operation }),
    ),
  );
  return page(
    '# HTTP API',
    `Version ${info.version}. ${info.description} A running server describes every body at \`/openapi.json\`.`,
    'A request under `/api` carries `Authorization: Bearer <token>`; the token must have the scope named here ([operations](../operations.md#tokens)). A parameter in brackets may be left out.',
    ...tags.flatMap(({ name, description }) => [
      `## ${name}`,
      description,
      routeTable(routes.filter(({ operation }) => operation.tags?.includes(name))),
    ]),
    '## Errors',
    'Every error is a problem (RFC 9457, `application/problem+json`) with a `code` for machines, a `detail` for people, and `problems`: each with where it is, what is wrong and how to mend it.',
    table(
      ['code', 'status', 'means'],
      Object.entries(PROBLEMS).map(([name, { status, title }]) => [code(name), String(status), title]),
    ),
  );
}

/** Describing routes touches neither database nor store, so they may be absent. */
async function openApiDocument(): Promise<OpenApiDocument> {
  const quiet = () => {};
  const api = createApi({
    context: {} as NonNullable<ApiDependencies['context']>,
    links: {} as NonNullable<ApiDependencies['links']>,
    settings: { environments: ['production'], uploadLimit: 1 },
    metrics: () => null,
    readiness: async () => ({}),
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const answer = await api.fetch(new Request('http://127.0.0.1/openapi.json'));
  if (!answer.ok) throw new Error(`the API does not describe itself: ${await answer.text()}`);
  return (await answer.json()) as OpenApiDocument;
}

function routeTable(routes: readonly Route[]): string | null {
  const rows = routes.map(({ line, operation }) => [
    code(line),
    scopesOf(operation),
    queryOf(operation),
    `${operation.summary ?? ''}. ${operation.description ?? ''}`,
    Object.keys(operation.responses).sort().join(' '),
  ]);
  return table(['route', 'scope', 'query', 'does', 'answers'], rows);
}

function scopesOf({ security = [] }: Operation): string {
  return security.flatMap(({ bearer = [] }) => bearer.map(code)).join(', ');
}

function queryOf({ parameters = [] }: Operation): string {
  return parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, required }) => code(required === true ? name : `[${name}]`))
    .join(' ');
}

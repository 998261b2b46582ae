import { html } from 'hono/html';
import { page, policyOf } from './page.ts';

/** As much of an OpenAPI document as the page shows. */
interface Described {
  readonly paths?: Readonly<Record<string, object>>;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
}

const STYLE = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem; }
table { border-collapse: collapse; width: 100%; margin-bottom: 1.5rem; }
caption { text-align: left; font-weight: 600; font-size: 1.15rem; padding: .5rem 0; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8886; vertical-align: top; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
`;

/** The page's own policy. */
export const INDEX_PAGE_POLICY = policyOf(STYLE);

const METHODS = ['get', 'head', 'post', 'put', 'delete'];

/** A page that lists the routes by topic; whole in itself, readable without styles and scripts. */
export function indexPage(document: Described, version: string) {
  const operations = operationsOf(document);
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  const body = html`<main>
<h1>Countersign API</h1>
<p>Version ${version}. The full description is <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). Routes below
<code>/api</code> need a bearer token, made with <code>countersign tokens create</code>.</p>
${tags.map((tag) =>
  table(
    tag,
    operations.filter((operation) => operation.tag === tag),
  ),
)}
</main>`;
  return page({ title: 'Countersign API', style: STYLE, body });
}

function table(tag: string, operations: readonly Operation[]) {
  return html`<table>
<caption>${tag}</caption>
<thead><tr><th scope="col">Method</th><th scope="col">Path</th><th scope="col">What it does</th></tr></thead>
<tbody>${operations.map(
    ({ method, path, summary }) =>
      html`<tr><td>${method.toUpperCase()}</td><td>${link(method, path)}</td><td>${summary}</td></tr>`,
  )}</tbody>
</table>`;
}

/** Only what a browser can open without a token is a link. */
function link(method: string, path: string) {
  const opens = method === 'get' && !path.startsWith('/api/');
  return opens ? html`<a href="${path}"><code>${path}</code></a>` : html`<code>${path}</code>`;
}

function operationsOf({ paths = {} }: Described): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.filter((method) => Object.hasOwn(methods, method)).map((method) => {
      const { summary = '', tags = [] } =
        (methods as Record<string, { summary?: string; tags?: string[] }>)[method] ?? {};
      return { method, path, summary, tag: tags[0] ?? '' };
    }),
  );
}

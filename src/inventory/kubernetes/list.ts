import { z } from 'zod';
import { CountersignError } from '../../domain/index.ts';
import { quoted } from '../names.ts';
import type { Web } from '../web.ts';

/** What a list of a cluster came to. */
export interface Listed<T> {
  readonly items: readonly T[];
  /** What is missing, in words; empty where everything came. */
  readonly missing: readonly string[];
  /** Nothing is known where it was asked for (404). */
  readonly isUnknown: boolean;
}

/** Where a list is, and which of it. */
export interface ListQuery {
  /** Such as `/apis/apps/v1`. */
  readonly group: string;
  /** Such as `deployments`. */
  readonly resource: string;
  /** All by default. */
  readonly namespaces: readonly string[] | undefined;
  readonly labelSelector?: string;
}

const Page = z.looseObject({
  metadata: z.looseObject({ continue: z.string().optional() }).default({}),
  items: z.array(z.unknown()).nullable(),
});
type Page = z.infer<typeof Page>;

/** Items in one page; what a cluster gives at once stays far below the limit of bytes. */
const PAGE = 250;
/** More than any cluster holds: a server that always gives another page, or ever more at once, is not followed for ever. */
const MAX_PAGES = 1000;
const MAX_ITEMS = PAGE * MAX_PAGES;
const MAX_BYTES = 32 * 1024 * 1024;
/** A list that takes so long that its snapshot goes by is begun anew. */
const BEGINNINGS = 3;

/** Lists all of a kind, page by page. What cannot be read of it is said, and the rest counts. */
export async function listAll<T>(
  web: Web,
  { group, resource, namespaces, labelSelector }: ListQuery,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<Listed<T>> {
  const paths = namespaces?.map((namespace) => `${group}/namespaces/${namespace}/${resource}`) ?? [
    `${group}/${resource}`,
  ];
  const lists = await Promise.all(
    paths.map((path) =>
      listPath(web, path, { labelSelector, signal }, (item) => parseItem(resource, item, schema)),
    ),
  );
  return {
    items: lists.flatMap(({ items }) => items),
    missing: lists.flatMap(({ missing }) => missing),
    isUnknown: lists.every(({ isUnknown }) => isUnknown),
  };
}

type Parse<T> = (item: unknown) => { readonly item: T } | { readonly fault: string };

async function listPath<T>(
  web: Web,
  path: string,
  options: { readonly labelSelector: string | undefined; readonly signal: AbortSignal },
  parse: Parse<T>,
): Promise<Listed<T>> {
  let [parsed, beginnings]: [ReturnType<Parse<T>>[], number] = [[], 1];
  let from: string | null = '';
  const missing: string[] = [];
  for (let pages = 0; from !== null; pages++) {
    try {
      if (pages === MAX_PAGES)
        throw new CountersignError('unavailable', `${path} has more than ${MAX_PAGES} pages`);
      const page: Page = await getPage(web, path, from, options);
      const items = page.items ?? [];
      if (parsed.length + items.length > MAX_ITEMS)
        throw new CountersignError('unavailable', `${path} has more than ${MAX_ITEMS} items`);
      for (const item of items) parsed.push(parse(item));
      from = page.metadata.continue || null;
    } catch (error) {
      if (!(error instanceof CountersignError)) throw error;
      if (error.code === 'not_found' && from === '')
        return { items: [], missing: [error.message], isUnknown: true };
      if (error.code === 'conflict' && beginnings < BEGINNINGS) {
        [parsed, from, beginnings] = [[], '', beginnings + 1];
        continue;
      }
      missing.push(error.message);
      from = null;
    }
  }
  return {
    items: parsed.flatMap((each) => ('item' in each ? [each.item] : [])),
    missing: [...missing, ...parsed.flatMap((each) => ('fault' in each ? [each.fault] : []))],
    isUnknown: false,
  };
}

function getPage(
  web: Web,
  path: string,
  from: string,
  { labelSelector, signal }: { readonly labelSelector: string | undefined; readonly signal: AbortSignal },
): Promise<Page> {
  const query = {
    limit: String(PAGE),
    ...(from === '' ? {} : { continue: from }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
  };
  return web.json({ path, query, signal, limit: MAX_BYTES }, Page);
}

/** An object that cannot be read is missing, and no reason to read none. */
function parseItem<T>(
  resource: string,
  value: unknown,
  schema: z.ZodType<T>,
): { item: T } | { fault: string } {
  const result = schema.safeParse(value);
  if (result.success) return { item: result.data };
  const name = z.looseObject({ metadata: z.looseObject({ name: z.string() }) }).safeParse(value);
  const [issue] = result.error.issues;
  const what = name.success ? quoted(name.data.metadata.name) : 'one of them';
  return {
    fault: `${what} of ${resource} cannot be read: ${issue?.path.map(String).join('.')}: ${issue?.message}`,
  };
}

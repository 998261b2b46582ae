import { z } from 'zod';
import type { Web } from '../web.ts';

const Answer = z.looseObject({
  status: z.literal('success'),
  data: z.looseObject({
    resultType: z.literal('vector', { error: 'the query gives no instant vector' }),
    result: z
      .array(
        z.looseObject({
          metric: z.record(z.string(), z.string()),
          value: z.tuple([z.number(), z.string()]),
        }),
      )
      .max(100_000),
  }),
  warnings: z.array(z.string()).default([]),
});
/** One series with its value. */
export type Series = z.infer<typeof Answer>['data']['result'][number];

/** What came of a query. */
export interface Answered {
  readonly series: readonly Series[];
  /** A part of the data could not be queried. */
  readonly isPartial: boolean;
}

/** Asks for what a query gives now. */
export async function ask(web: Web, query: string, signal: AbortSignal): Promise<Answered> {
  const { data, warnings } = await web.json({ path: '/api/v1/query', query: { query }, signal }, Answer);
  return { series: data.result, isPartial: warnings.length > 0 };
}

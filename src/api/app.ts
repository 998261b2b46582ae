import { OpenAPIHono } from '@hono/zod-openapi';
import { invalidInput } from '../domain/index.ts';
import type { Caller } from '../services/index.ts';
import { problemsOf } from './request/problems-of.ts';

/** What middleware leaves for a route. */
export interface ApiEnv {
  readonly Variables: { caller: Caller };
}
export type ApiApp = OpenAPIHono<ApiEnv>;

const TARGETS: Readonly<Record<string, string>> = { param: 'path', query: 'query' };

/** An application without routes: what a route's schemas refuse becomes one problem that names everything. */
export function createApp(): ApiApp {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      throw invalidInput('the request', problemsOf(result.error, TARGETS[result.target] ?? result.target));
    },
  });
}

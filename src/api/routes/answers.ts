import type { z } from '@hono/zod-openapi';
import { PROBLEMS, ProblemBody, type ProblemCode } from '../problem.ts';

/** A JSON answer, for a route's description. */
export function json<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}

/** The problems that a route may answer with, by their status. */
export function problems(...codes: readonly ProblemCode[]) {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))];
  const entries = statuses.map((status) => [status, problemWith(status, codes)] as const);
  return Object.fromEntries(entries) as Record<never, ReturnType<typeof problemWith>>;
}

function problemWith(status: number, codes: readonly ProblemCode[]) {
  const those = codes.filter((code) => PROBLEMS[code].status === status);
  const description = those.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' ');
  return { description, content: { 'application/problem+json': { schema: ProblemBody } } };
}

/** What every route with a token may answer. */
export const TOKEN_PROBLEMS = ['unauthenticated', 'forbidden', 'unavailable', 'internal'] as const;

/** How a route says that it wants a token with a scope; OpenAPI 3.1 lets a bearer scheme list them. */
export function bearer(...scopes: readonly ('read' | 'submit' | 'deployments' | 'admin' | 'decide')[]) {
  return scopes.map((scope) => ({ bearer: [scope] }));
}

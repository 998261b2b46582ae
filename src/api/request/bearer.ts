import type { Context, MiddlewareHandler } from 'hono';
import { CountersignError } from '../../domain/index.ts';
import { authenticate, type Scope } from '../../services/index.ts';
import type { ApiEnv } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { HttpRefusal } from '../problem.ts';

const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]{1,512})$/i;

/** Lets only callers pass whose token has one of the scopes (RFC 6750). It runs before anything of the request is read. */
export function requireScope(
  deps: RouteDependencies,
  scope: Scope,
  ...others: readonly Scope[]
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const caller = await authenticate(deps.context, secretOf(c));
    if (![scope, ...others].some((name) => caller.scopes.has(name))) throw scopeMissing(scope);
    c.set('caller', caller);
    await next();
  };
}

/** The secret that came with a request. @throws CountersignError `unauthenticated` */
export function secretOf(c: Context): string {
  const header = c.req.header('authorization');
  if (header === undefined)
    throw new CountersignError('unauthenticated', 'send a token: Authorization: Bearer <token>');
  const secret = BEARER.exec(header.trim())?.[1];
  if (secret === undefined)
    throw new CountersignError('unauthenticated', 'expected Authorization: Bearer <token>');
  return secret;
}

function scopeMissing(scope: Scope): HttpRefusal {
  const how =
    scope === 'decide' ? '--subject person:<id> --scope decide --expires-in 30d' : `--scope ${scope}`;
  return new HttpRefusal(
    'forbidden',
    `the token lacks the scope "${scope}"; create one with countersign tokens create ${how}`,
    {
      'WWW-Authenticate': `Bearer realm="countersign", error="insufficient_scope", scope="${scope}"`,
    },
  );
}

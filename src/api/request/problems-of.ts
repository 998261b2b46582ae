import type { z } from '@hono/zod-openapi';
import type { Problem } from '../../lib/index.ts';

/** What a schema holds against a value, each with its place: `query model`, `body evidence[0].name`. */
export function problemsOf(error: z.ZodError, place: string): Problem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ where: at(place, issue.path), message: issue.message }];
    return issue.keys.map((key) => ({
      where: at(place, [...issue.path, key]),
      message: 'is not known here',
      fix: 'check its spelling, or leave it out',
    }));
  });
}

function at(place: string, path: readonly PropertyKey[]): string {
  const steps = path.map((step) =>
    typeof step === 'number' ? `[${step}]` : `.${String(step).slice(0, 128)}`,
  );
  return `${place} ${steps.join('').replace(/^\./, '')}`.trimEnd();
}

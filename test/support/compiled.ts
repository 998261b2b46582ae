import { join } from 'node:path';
import { inject } from 'vitest';

/**
 * The environment of a Node process that a test starts: all of them keep our code compiled in one folder, which lasts
 * as long as the run of the tests. Loading is most of what a short command does.
 */
export const compiled = (): Readonly<Record<string, string>> => ({
  NODE_COMPILE_CACHE: join(inject('runFolder'), 'compiled'),
});

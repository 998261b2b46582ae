import { join } from 'node:path';

/** The cases of the built-in checks, which come with the product; at the same distance from sources and from the build. */
export const SHIPPED_CASES = join(import.meta.dirname, '../../../test/known');

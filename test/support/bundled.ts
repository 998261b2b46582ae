import { join } from 'node:path';
import { inject } from 'vitest';

/** The bundle of our code that was made for this run of the tests, laid out as its sources are. */
export const BUNDLE = join(inject('runFolder'), 'bundle/src');

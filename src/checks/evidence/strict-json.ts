export { parseStrictJson } from '../../lib/index.ts';

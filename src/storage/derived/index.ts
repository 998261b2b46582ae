export { rebuildTables } from './rebuild.ts';
export type { RebuildWish, Rebuilt } from './wish.ts';

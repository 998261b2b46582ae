export { rebuildTables } from './rebuild.ts';
export { rowFault } from './row-fault.ts';
export type { RebuildWish, Rebuilt } from './wish.ts';

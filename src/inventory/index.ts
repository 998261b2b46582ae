export type { InventorySource } from './contract.ts';
export { createFileSource, type FileSourceOptions } from './file.ts';

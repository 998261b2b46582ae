export type { InventorySource } from './contract.ts';

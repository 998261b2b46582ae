export { catalogueDifference } from './made.ts';
export { LEDGER_TABLES, ledgerCatalogue } from './read.ts';

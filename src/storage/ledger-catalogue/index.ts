export { catalogueDifference } from './made.ts';
export { ledgerCatalogue } from './read.ts';

export { isLocalHost } from './guard.ts';
export type { Page } from './routes.ts';
export { createPage } from './routes.ts';

export { type Api, createApi } from './create-api.ts';
export type { ApiDependencies, ApiSettings, MetricsPage } from './dependencies.ts';

export type { MonitorDeps } from './deps.ts';
export { createMonitor, type Monitor } from './monitor.ts';

export type { MonitorDeps } from './deps.ts';
export { createMonitor, type Monitor } from './monitor.ts';
export { intervalProblem } from './schedule.ts';

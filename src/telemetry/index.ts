export { createHealth, type Health } from './health.ts';
export { createLogger, LOG_LEVELS, type LoggerOptions, type LogLevel } from './logger.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export type { TickInfo } from './monitor-series.ts';

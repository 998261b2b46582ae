export { createHealth, type Health } from './health.ts';
export { createLogger, LOG_LEVELS, type LoggerOptions, type LogLevel } from './logger.ts';
export { createMetrics, type Metrics, type TickInfo } from './metrics.ts';

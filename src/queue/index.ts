export { openQueueBackend, type QueueBackend, type QueueLocation } from './backend.ts';
export { auditProcessors, evidenceProcessors, fetchProcessors, runProcessors } from './processors.ts';
export { type RedisFacts, redisFacts } from './redis-facts.ts';
export { type Relay, startRelay } from './relay.ts';
export { type QueueWorker, startWorker } from './workers.ts';

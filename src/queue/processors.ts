import type { Processors } from '../domain/index.ts';
import { executeRun, type RunContext } from '../services/index.ts';

/** What the worker does with jobs of the queue `runs`. */
export function runProcessors(ctx: RunContext): Processors {
  return { 'execute-run': ({ runId }) => executeRun(ctx, runId ?? '') };
}

import type { Logger, Processors } from '../domain/index.ts';
import {
  type AuditContext,
  answerEvidence,
  auditCheck,
  type EvidenceContext,
  executeFetch,
  executeRun,
  type FetchContext,
  type QueueingContext,
  type RunContext,
  runAgain,
} from '../services/index.ts';

/** What the worker does with jobs of the queue `runs`. */
export function runProcessors(ctx: RunContext & QueueingContext): Processors {
  return {
    'execute-run': ({ runId }) => executeRun(ctx, runId ?? ''),
    'run-again': ({ findingId, asking = '' }) => runAgain(ctx, { findingId: Number(findingId), asking }),
  };
}

/** What the holder of the ledger's key does with jobs of the queue `evidence`. */
export function evidenceProcessors(ctx: EvidenceContext): Processors {
  return { 'make-evidence': ({ requestId = '' }) => answerEvidence(ctx, requestId) };
}

/** What the fetcher does with jobs of the queue `fetches`. */
export function fetchProcessors(ctx: FetchContext): Processors {
  return { 'fetch-artifact': ({ fetchId = '' }) => executeFetch(ctx, fetchId) };
}

/** What the worker does with jobs of the queue `audits`; the monitor turns what is stored into findings. */
export function auditProcessors(ctx: AuditContext, logger: Logger): Processors {
  return {
    'audit-check': async ({ check = '' }) => {
      const audit = await auditCheck(ctx, check);
      if (audit === null) return logger.warn('no such check to audit', { check });
      const { version, outcome, answers, gaps } = audit;
      const wrong = answers.filter(({ fault }) => fault !== null);
      const about = { check, version, outcome, cases: answers.length, wrong, gaps };
      if (outcome === 'right') logger.info('check audited', about);
      else logger.warn('check is not known to be right', about);
    },
  };
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Logger } from '../domain/index.ts';
import { type ApiApp, createApp } from './app.ts';
import type { ApiDependencies, RouteDependencies } from './dependencies.ts';
import { failureHandler } from './failure.ts';
import { notFoundHandler } from './not-found.ts';
import { problemBody } from './problem.ts';
import { securityHeaders } from './request/headers.ts';
import { addApprovalRoutes } from './routes/approvals.ts';
import { addBlobRoutes } from './routes/blobs.ts';
import { addDeploymentReportRoutes } from './routes/deployment-reports.ts';
import { addDocumentRoutes } from './routes/document.ts';
import { addEvidenceRoutes } from './routes/evidence.ts';
import { addFetchRoutes } from './routes/fetches.ts';
import { addFindingRoutes } from './routes/findings.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addLedgerRoutes } from './routes/ledger.ts';
import { addModelRoutes } from './routes/models.ts';
import { addMonitoringRoutes } from './routes/monitoring.ts';
import { addOverrideRoutes } from './routes/overrides.ts';
import { addRecordRoutes } from './routes/records.ts';
import { addRenewalRoutes } from './routes/renewals.ts';
import { addRerunRoutes } from './routes/reruns.ts';
import { addRunPage } from './routes/run-page.ts';
import { addRunRoutes } from './routes/runs.ts';
import { addTrustPolicyRoutes } from './routes/trust-policy.ts';
import { addUploadRoutes } from './routes/uploads.ts';
import { addVerdictRoutes } from './routes/verdicts.ts';

/** The API, apart from any listener. */
export interface Api {
  /** Answers a request. Never rejects. */
  fetch(request: Request): Promise<Response>;
  /**
   * The same for a `node:http` server. Uploads of large artifacts take long: that server needs `requestTimeout: 0`.
   */
  readonly nodeListener: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;
}

/** Builds the API. It keeps no state: everything is in the database and the blob store. */
export function createApi(deps: ApiDependencies): Api {
  const app = createApp();
  app.use(securityHeaders);
  if (deps.context !== null) addRoutes(app, { context: deps.context, settings: deps.settings });
  if (deps.context !== null && deps.links !== null)
    addRunPage(app, { context: deps.context, settings: deps.settings }, deps.links);
  addHealthRoutes(app, deps);
  addDocumentRoutes(app);
  app.onError(failureHandler(deps.logger));
  app.notFound(notFoundHandler(app));
  const fetch = async (request: Request) => app.fetch(request);
  const errorHandler = (error: unknown) => malformed(deps.logger, error);
  return { fetch, nodeListener: getRequestListener(fetch, { overrideGlobalObjects: false, errorHandler }) };
}

function addRoutes(app: ApiApp, deps: RouteDependencies): void {
  addUploadRoutes(app, deps);
  addBlobRoutes(app, deps);
  addFetchRoutes(app, deps);
  addRunRoutes(app, deps);
  addRerunRoutes(app, deps);
  addRenewalRoutes(app, deps);
  addApprovalRoutes(app, deps);
  addOverrideRoutes(app, deps);
  addEvidenceRoutes(app, deps);
  addVerdictRoutes(app, deps);
  addRecordRoutes(app, deps);
  addLedgerRoutes(app, deps);
  addModelRoutes(app, deps);
  addTrustPolicyRoutes(app, deps);
  addMonitoringRoutes(app, deps);
  addFindingRoutes(app, deps);
  addDeploymentReportRoutes(app, deps);
}

/** Answers what cannot even be made a request of: no host, a path with backslashes. */
function malformed(logger: Logger, error: unknown): Response {
  const instance = `urn:uuid:${randomUUID()}`;
  logger.info('a malformed request was refused', { instance, error });
  const details = {
    code: 'invalid_input',
    detail: 'the request line or the Host header is malformed',
  } as const;
  const headers = { 'Content-Type': 'application/problem+json' };
  return new Response(JSON.stringify(problemBody({ ...details, problems: [] }, instance)), {
    status: 400,
    headers,
  });
}

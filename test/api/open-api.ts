import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Api, createApi, type MetricsPage } from '../../src/api/index.ts';
import { CountersignError, createDirectory, type Logger } from '../../src/domain/index.ts';
import { createBlobStore } from '../../src/evidence/index.ts';
import {
  createToken,
  openRunLinks,
  type ProofContext,
  type RunLinks,
  type Scope,
  type SubmissionContext,
} from '../../src/services/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

/** What the API finds of a bot that was never started. */
export const NO_BOT: ProofContext = {
  proofKey: async () => {
    throw new CountersignError('unavailable', 'there is no bot in this test');
  },
};

/** One line of the log. */
export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The API on a database and a blob store of its own. */
export interface OpenApi extends AsyncDisposable {
  readonly api: Api;
  readonly database: TestDatabase;
  readonly governance: Governance;
  readonly blobFolder: string;
  readonly links: RunLinks;
  readonly log: LogLine[];
  /** What /readyz and /metrics are told. */
  readonly health: { dependencies: Record<string, string>; metrics: MetricsPage | null };
  /** Makes a token and returns its secret. */
  token(scopes: readonly Scope[], subject?: string): Promise<string>;
  /** Asks with a token of both scopes, unless `headers` say otherwise. */
  ask(path: string, init?: RequestInit): Promise<Response>;
}

export const LINK_DAYS = 30;
export const UPLOAD_LIMIT = 400 * 1024 * 1024;

export async function openApi(
  parts: Partial<Pick<SubmissionContext, 'checkVersions'>> = {},
): Promise<OpenApi> {
  const database = await createTestDatabase();
  const governance = openGovernance(database.db);
  const blobFolder = await mkdtemp(join(tmpdir(), 'countersign-blobs-'));
  const people = governance.context.directory.people;
  const context = {
    ...governance.context,
    directory: createDirectory(people, [
      { id: 'sam', name: 'Sam', slack: [], git: ['sam@example.com'], ci: ['build'] },
    ]),
    blobs: createBlobStore(blobFolder, randomUUID),
    ...NO_BOT,
    ...parts,
  };
  const log: LogLine[] = [];
  const health: OpenApi['health'] = { dependencies: { database: 'ok' }, metrics: null };
  const links = await openRunLinks(context, LINK_DAYS);
  const api = createApi({
    context,
    links,
    settings: { environments: ['production', 'staging'], uploadLimit: UPLOAD_LIMIT },
    metrics: async () => health.metrics ?? { contentType: 'text/plain', body: '' },
    readiness: async () => health.dependencies,
    logger: loggerInto(log),
  });
  const token: OpenApi['token'] = async (scopes, subject = 'ci:build') =>
    (await createToken(context, { subject, scopes, note: 'test', expiresAt: null })).secret;
  const secret = await token(['read', 'submit']);
  const close = async () => {
    await database.close();
    await rm(blobFolder, { recursive: true, force: true });
  };
  const ask: OpenApi['ask'] = (path, init = {}) =>
    api.fetch(requestOf(path, { ...init, headers: { authorization: `Bearer ${secret}`, ...init.headers } }));
  return {
    api,
    database,
    governance,
    blobFolder,
    links,
    log,
    health,
    token,
    ask,
    [Symbol.asyncDispose]: close,
  };
}

/** A request to the API, as a listener would make it. */
export function requestOf(path: string, init: RequestInit = {}): Request {
  return new Request(new URL(path, 'http://127.0.0.1'), {
    ...init,
    ...(init.body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit);
}

function loggerInto(log: LogLine[]): Logger {
  const at =
    (level: keyof Logger): Logger['info'] =>
    (message, fields = {}) =>
      void log.push({ level, message, fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A problem as the API answers it. */
export interface AnsweredProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance: string;
  readonly problems: readonly { where: string; message: string; fix?: string }[];
  readonly allowed?: boolean;
}

export async function problemOf(response: Response): Promise<AnsweredProblem> {
  if (response.headers.get('content-type') !== 'application/problem+json')
    throw new Error(`expected a problem, got ${response.status} ${await response.text()}`);
  return (await response.json()) as AnsweredProblem;
}

import type { z } from 'zod';
import { RecordPackage, type Tile, tilePath } from '../../attestation/index.ts';
import {
  type CurrentInputs,
  type Digest,
  type DirectoryFile,
  type ModelName,
  TrustPolicy,
} from '../../domain/index.ts';
import { MINUTE } from '../../lib/index.ts';
import {
  FetchAnswer,
  GateAnswer,
  ModelAnswer,
  RerunAnswer,
  RunDescription,
  RunListAnswer,
  StatusAtAnswer,
  SubmissionAnswer,
} from './answers.ts';
import {
  ApprovalInFullAnswer,
  ApprovalListAnswer,
  DecisionAnswer,
  WithdrawalAnswer,
} from './approval-answers.ts';
import { FindingInFullAnswer, FindingListAnswer } from './finding-answers.ts';
import { DocumentationAnswer, OverrideListAnswer } from './override-answers.ts';
import { foreign } from './refusal.ts';
import { InputReceiptAnswer, RenewalAnswer } from './renewal-answers.ts';
import { type Asked, ask, bytesOf, type Server, textOf } from './transport.ts';
import { hasBlob, putBlob, type Upload } from './upload.ts';

/** What is submitted, in the API's words. */
export interface SubmissionBody {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly artifact: Digest | { readonly files: readonly DirectoryFile[] } | { readonly fetch: string };
  readonly pipeline: Digest;
  readonly evidence: readonly { readonly name: string; readonly digest: Digest }[];
  readonly inputs: Readonly<Partial<Record<'code' | 'data' | 'config', Digest>>>;
  readonly authors: readonly string[];
  readonly trainedAt?: string;
  readonly ciUrl?: string;
  readonly note?: string;
  readonly attempt: 'same' | 'new';
}

/** What is to be run again, in the API's words. */
export interface RerunBody {
  readonly check: string;
  readonly since: string;
  readonly failed: boolean;
  readonly again: boolean;
  readonly dryRun: boolean;
}

/** An answer to a request for approval, in the API's words. */
export interface DecisionBody {
  readonly decision: 'approved' | 'rejected';
  readonly view: Digest;
  readonly reason?: string;
}

/** A description, and the tag by which to ask for news. */
export interface Described {
  readonly tag: string;
  readonly description: RunDescription;
}

/** The API, as the command line uses it. Every method throws CountersignError. */
export interface ApiClient {
  hasBlob(digest: Digest): Promise<boolean>;
  putBlob(upload: Upload, onBytes: (sent: number) => void): Promise<void>;
  requestFetch(body: { readonly uri: string; readonly digest?: Digest }): Promise<FetchAnswer>;
  showFetch(id: string): Promise<FetchAnswer>;
  submitRun(body: SubmissionBody): Promise<z.infer<typeof SubmissionAnswer>>;
  /** Null when nothing changed since the tag. */
  describeRun(id: string, query?: { environment?: string; tag?: string }): Promise<Described | null>;
  listRuns(query: Readonly<Record<string, string>>): Promise<RunListAnswer>;
  listApprovals(query: Readonly<Record<string, string>>): Promise<ApprovalListAnswer>;
  showApproval(id: string): Promise<ApprovalInFullAnswer>;
  decide(id: string, body: DecisionBody): Promise<DecisionAnswer>;
  withdraw(requestId: string): Promise<WithdrawalAnswer>;
  listOverrides(query: Readonly<Record<string, string>>): Promise<OverrideListAnswer>;
  documentOverride(id: string, documentation: string): Promise<DocumentationAnswer>;
  listFindings(query: Readonly<Record<string, string>>): Promise<FindingListAnswer>;
  showFinding(id: string): Promise<FindingInFullAnswer>;
  handleFinding(id: string, action: 'acknowledge' | 'block'): Promise<FindingInFullAnswer>;
  rerun(body: RerunBody): Promise<RerunAnswer>;
  reportInputs(name: ModelName, digests: CurrentInputs['digests']): Promise<InputReceiptAnswer>;
  startRenewal(name: ModelName): Promise<RenewalAnswer>;
  modelStatus(modelId: string, query: Readonly<Record<string, string>>): Promise<ModelAnswer>;
  modelStatusAt(modelId: string, query: Readonly<Record<string, string>>): Promise<StatusAtAnswer>;
  gate(query: Readonly<Record<string, string>>): Promise<GateAnswer>;
  exportRecord(name: ModelName, artifact?: Digest): Promise<RecordPackage>;
  /** A piece of a run's evidence. @throws CountersignError `too_large` */
  evidence(runId: string, name: string, mostBytes: number): Promise<Buffer>;
  trustPolicy(): Promise<TrustPolicy>;
  /** The ledger's head, a signed note. @throws CountersignError `integrity` where the ledger was changed */
  checkpoint(): Promise<string>;
  /** The bytes of a part of the ledger's tree. */
  tile(tile: Tile): Promise<Buffer>;
}

/** A client for a server. */
export function createApiClient(server: Server): ApiClient {
  const get = <T>(path: string, schema: z.ZodType<T>, query: Readonly<Record<string, string>> = {}) =>
    askJson(server, withQuery(path, query), schema);
  const post = <T>(path: string, schema: z.ZodType<T>, body: unknown) =>
    askJson(server, path, schema, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    hasBlob: (digest) => hasBlob(server, digest),
    putBlob: (upload, onBytes) => putBlob(server, upload, onBytes),
    requestFetch: (body) => post('/api/v1/fetches', FetchAnswer, body),
    showFetch: (id) => get(`/api/v1/fetches/${encodeURIComponent(id)}`, FetchAnswer),
    submitRun: (body) => post('/api/v1/runs', SubmissionAnswer, body),
    listApprovals: (query) => get('/api/v1/approvals', ApprovalListAnswer, query),
    showApproval: (id) => get(`/api/v1/approvals/${encodeURIComponent(id)}`, ApprovalInFullAnswer),
    decide: (id, body) => post(`/api/v1/approvals/${encodeURIComponent(id)}/decisions`, DecisionAnswer, body),
    withdraw: (id) => post(`/api/v1/approvals/${encodeURIComponent(id)}/withdrawal`, WithdrawalAnswer, {}),
    listOverrides: (query) => get('/api/v1/overrides', OverrideListAnswer, query),
    documentOverride: (id, documentation) =>
      post(`/api/v1/overrides/${encodeURIComponent(id)}/documentation`, DocumentationAnswer, {
        documentation,
      }),
    ...findingCalls(get, post),
    rerun: (body) => post('/api/v1/reruns', RerunAnswer, body),
    reportInputs: (name, digests) => post(`${versionPath(name)}/current-inputs`, InputReceiptAnswer, digests),
    startRenewal: (name) => post(`${versionPath(name)}/renewals`, RenewalAnswer, {}),
    describeRun: (id, query = {}) => describeRun(server, id, query),
    listRuns: (query) => get('/api/v1/runs', RunListAnswer, query),
    modelStatus: (modelId, query) => get(`/api/v1/models/${encodeURIComponent(modelId)}`, ModelAnswer, query),
    modelStatusAt: (modelId, query) =>
      get(`/api/v1/models/${encodeURIComponent(modelId)}/history`, StatusAtAnswer, query),
    gate: (query) => get('/api/v1/gate', GateAnswer, query),
    exportRecord: ({ modelId, modelVersion }, artifact) =>
      get(
        `/api/v1/records/${encodeURIComponent(modelId)}/${encodeURIComponent(modelVersion)}`,
        RecordPackage,
        artifact === undefined ? {} : { digest: artifact },
      ),
    evidence: (runId, name, mostBytes) => evidenceBytes(server, { runId, name, mostBytes }),
    trustPolicy: () => get('/api/v1/trust-policy', TrustPolicy),
    checkpoint: async () => (await bytesAt(server, '/checkpoint')).toString(),
    tile: (tile) => bytesAt(server, `/${tilePath(tile)}`),
  };
}

async function evidenceBytes(
  server: Server,
  { runId, name, mostBytes }: { readonly runId: string; readonly name: string; readonly mostBytes: number },
): Promise<Buffer> {
  const path = `/api/v1/runs/${encodeURIComponent(runId)}/evidence/${encodeURIComponent(name)}`;
  const response = await ask(server, path, { signal: AbortSignal.timeout(10 * MINUTE) });
  return bytesOf(response, server.origin, mostBytes);
}

/** No file of a log is larger: 256 entries of 65,535 bytes. */
const LARGEST_FILE = 17 * 1024 * 1024;

async function bytesAt(server: Server, path: string): Promise<Buffer> {
  return bytesOf(await ask(server, path), server.origin, LARGEST_FILE);
}

function versionPath({ modelId, modelVersion }: ModelName): string {
  return `/api/v1/models/${encodeURIComponent(modelId)}/versions/${encodeURIComponent(modelVersion)}`;
}

type FindingCalls = Pick<ApiClient, 'listFindings' | 'showFinding' | 'handleFinding'>;

function findingCalls(
  get: <T>(path: string, schema: z.ZodType<T>, query?: Readonly<Record<string, string>>) => Promise<T>,
  post: <T>(path: string, schema: z.ZodType<T>, body: unknown) => Promise<T>,
): FindingCalls {
  const pathOf = (id: string) => `/api/v1/findings/${encodeURIComponent(id)}`;
  return {
    listFindings: (query) => get('/api/v1/findings', FindingListAnswer, query),
    showFinding: (id) => get(pathOf(id), FindingInFullAnswer),
    handleFinding: (id, action) => post(`${pathOf(id)}/handling`, FindingInFullAnswer, { action }),
  };
}

async function describeRun(
  server: Server,
  id: string,
  { environment, tag }: { environment?: string; tag?: string },
): Promise<Described | null> {
  const path = withQuery(
    `/api/v1/runs/${encodeURIComponent(id)}`,
    environment === undefined ? {} : { environment },
  );
  const headers = tag === undefined ? {} : { 'if-none-match': tag };
  const response = await ask(server, path, { headers, accept: [304] });
  if (response.status === 304) return null;
  return {
    tag: response.headers.get('etag') ?? '',
    description: await read(server, response, RunDescription),
  };
}

async function askJson<T>(server: Server, path: string, schema: z.ZodType<T>, asked: Asked = {}): Promise<T> {
  return read(server, await ask(server, path, asked), schema);
}

async function read<T>({ origin }: Server, response: Response, schema: z.ZodType<T>): Promise<T> {
  const text = await textOf(response, origin);
  const type = response.headers.get('content-type') ?? 'no content type';
  if (!type.startsWith('application/json')) throw foreign(origin, `status ${response.status}, ${type}`);
  const result = schema.safeParse(parse(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw foreign(
    origin,
    `an answer whose ${issue?.path.join('.') || 'body'} is not understood: ${issue?.message}`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const parameters = new URLSearchParams(query).toString();
  return parameters === '' ? path : `${path}?${parameters}`;
}

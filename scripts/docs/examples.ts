import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createVerifier, RecordPackage } from '../../src/attestation/index.ts';
import { statementIdOf, statementPayload } from '../../src/attestation/payload.ts';
import {
  type Artifact,
  delegationDigest,
  digestOfJson,
  enforcementDigest,
  fileArtifact,
  type Instant,
  OVERRIDE_ROLE,
  overrideViewDigest,
  type Predicate,
  type PredicateKind,
  predicateType,
  TrustPolicy,
  type VerifiedStatement,
} from '../../src/domain/index.ts';
import { DAY, HOUR, later } from '../../src/lib/index.ts';
import { laidOut } from './json-text.ts';
import { fenced } from './markdown.ts';

const ROOT = join(import.meta.dirname, '../..');
const RECORD = 'examples/offline/record.json';
const PACKAGE = 'examples/offline/record.tar';
const POLICY = 'examples/offline/trust-policy.json';
const MODEL = 'examples/fraud-detection/4.1.2/model.onnx';

/** A statement of the example with the bytes that were signed. */
interface Example {
  readonly statement: VerifiedStatement;
  readonly payload: string;
}

/** Fills the places of a page that are marked `<!-- made: … -->` with the real thing. */
export async function withExamples(text: string): Promise<string> {
  const examples = await readExamples();
  const verified = await verifyCommand(examples);
  return text.replaceAll(/<!-- made: (\S+) -->\n.*?<!-- end -->/gs, (_all, what: string) => {
    const block = what === 'verify' ? verified : exampleOf(examples, what);
    return `<!-- made: ${what} -->\n\n${block}\n\n<!-- end -->`;
  });
}

/** @throws Error where a bundle of the example does not verify, or is not as its kind demands any more */
async function readExamples(): Promise<readonly Example[]> {
  const record = RecordPackage.parse(JSON.parse(await readFile(join(ROOT, RECORD), 'utf8')));
  const verifier = createVerifier(TrustPolicy.parse(JSON.parse(await readFile(join(ROOT, POLICY), 'utf8'))));
  return [...record.statements, record.view, record.witness].map((bundle) => {
    const result = verifier.verify(bundle);
    if (!result.ok)
      throw new Error(`${RECORD}: ${result.failure.message}; run node scripts/make-offline-example.ts`);
    const { payload } = JSON.parse(bundle).dsseEnvelope;
    return { statement: result.statement, payload: Buffer.from(payload, 'base64').toString() };
  });
}

/** The last of its kind: of the stages, the one that establishes the tier. */
function exampleOf(examples: readonly Example[], kind: string): string {
  const imagined = whatFollows(examples).find((predicate) => predicate.kind === kind);
  if (imagined !== undefined) return saidOf(imagined);
  const found = examples.findLast(({ statement }) => statement.kind === kind);
  if (found === undefined) throw new Error(`${RECORD} holds no ${predicateType(kind as PredicateKind)}`);
  return `Its id is \`${found.statement.id}\`.\n\n${fenced('json', laidOut(JSON.parse(found.payload)))}`;
}

/**
 * What the record does not hold, because nobody said it: what would be said if the decision were taken back, and lent, and
 * if somebody could not wait for it.
 */
function whatFollows(examples: readonly Example[]): readonly Predicate[] {
  const decision = examples.findLast(({ statement }) => statement.kind === 'approval-decision/v1')?.statement;
  if (decision?.kind !== 'approval-decision/v1') throw new Error(`${RECORD} holds no decision`);
  const { artifact, target, person, roles, decidedAt } = decision.body;
  const withdrawnAt = later(decidedAt, HOUR);
  const terms = {
    delegator: person,
    delegate: 'dana',
    roles,
    from: decidedAt,
    until: later(decidedAt, 3 * DAY),
  };
  return [
    {
      kind: 'approval-withdrawal/v1',
      body: { artifact, request: target.id, decision: decision.id, person, withdrawnAt },
    },
    {
      kind: 'delegation/v1',
      body: { ...terms, terms: delegationDigest(terms), assurance: 'slack_command', saidAt: decidedAt },
    },
    ...whatIsOverridden(artifact, decidedAt),
    ...whatIsRenewed(examples),
    whatIsBlocked(artifact, decidedAt),
  ];
}

function whatIsRenewed(examples: readonly Example[]): readonly Predicate[] {
  const record = examples.findLast(({ statement }) => statement.kind === 'governance-record/v1')?.statement;
  if (record?.kind !== 'governance-record/v1') throw new Error(`${RECORD} holds no record`);
  const { artifact, modelId, modelVersion, runId, pipeline, submitter, validUntil } = record.body;
  const [reportedAt, renewedAt] = [later(validUntil, -15 * DAY), later(validUntil, -14 * DAY)];
  const [code, data, config] = ['code', 'data', 'config'].map((input) => digestOfJson({ input }));
  if (code === undefined || data === undefined || config === undefined) throw new Error('no digests');
  const named = { artifact, modelId, modelVersion };
  const digests = { code, data, config, pipeline };
  const reported: Predicate = {
    kind: 'current-inputs/v1',
    body: { ...named, digests, reporter: submitter, reportedAt },
  };
  const renewal: Predicate = {
    kind: 'renewal/v1',
    body: {
      ...named,
      runId,
      record: record.id,
      number: 1,
      report: statementIdOf(statementPayload(reported, artifact).bytes),
      evidence: record.body.requiredStages.map((stage) => ({ stage, since: record.body.issuedAt })),
      reason: `code, data, config and pipeline are as they were, as ${submitter.subject} reported`,
      renewedAt,
      validUntil: later(renewedAt, 90 * DAY),
    },
  };
  return [reported, renewal];
}

function whatIsBlocked({ digest: observed }: Artifact, decidedAt: Instant): Predicate {
  const terms = {
    action: 'block' as const,
    environment: 'production',
    deployment: 'cluster/production/fraud-eu',
    finding: 'hash_mismatch/cluster/production/fraud-eu/fraud-detection@4.1.2',
    observed,
    dryRun: false,
    decidedAt,
  };
  return { kind: 'enforcement/v1', body: { ...terms, terms: enforcementDigest(terms) } };
}

function whatIsOverridden(artifact: Artifact, at: Instant): readonly Predicate[] {
  const reason = digestOfJson({ salt: 'unguessable', reason: 'the old version lets an attack through' });
  const scope = { modelId: 'fraud-detection', modelVersion: '4.1.2', environment: 'production' };
  const unmet = [{ code: 'approval_missing' as const, message: 'approval by compliance_officer is missing' }];
  const override: Predicate = {
    kind: 'override/v1',
    body: {
      artifact,
      ...scope,
      person: 'dana',
      role: OVERRIDE_ROLE,
      reason,
      reference: 'INC-2041',
      view: overrideViewDigest({ ...scope, artifact: artifact.digest, unmet }),
      unmet,
      grantedAt: at,
      expiresAt: later(at, DAY),
      documentationDueAt: later(at, 3 * DAY),
    },
  };
  const { bytes } = statementPayload(override, artifact);
  const documentation = digestOfJson({
    salt: 'unguessable',
    documentation: 'what happened, and what was done',
  });
  const documented = { artifact, override: statementIdOf(bytes), person: 'dana', documentation };
  return [
    override,
    { kind: 'override-documentation/v1', body: { ...documented, documentedAt: later(at, 2 * DAY) } },
  ];
}

function saidOf(predicate: Predicate): string {
  const spokenOf = 'terms' in predicate.body ? fileArtifact(predicate.body.terms) : null;
  const artifact = spokenOf ?? ('artifact' in predicate.body ? predicate.body.artifact : null);
  if (artifact === null || typeof artifact === 'string') throw new Error(`no example of ${predicate.kind}`);
  const { bytes } = statementPayload(predicate, artifact);
  return `Its id is \`${statementIdOf(bytes)}\`.\n\n${fenced('json', laidOut(JSON.parse(bytes.toString())))}`;
}

/** The command that verifies the example, as of the time of its view, with what it prints. */
async function verifyCommand(examples: readonly Example[]): Promise<string> {
  const view = examples.findLast(({ statement }) => statement.kind === 'ledger-view/v1')?.statement;
  if (view?.kind !== 'ledger-view/v1') throw new Error(`${RECORD} holds no view`);
  const args = ['verify', PACKAGE, '--artifact', MODEL, '--trust', POLICY, '--as-of', view.body.issuedAt];
  const main = join(ROOT, 'src/cli/main.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { cwd: ROOT, env: {} });
  const lines = [
    `countersign ${args.slice(0, 2).join(' ')} --artifact ${MODEL} \\`,
    `  --trust ${POLICY} --as-of ${view.body.issuedAt}`,
  ];
  return `${fenced('sh', lines.join('\n'))}\n\n${fenced('text', stdout)}`;
}

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createVerifier, RecordPackage } from '../../src/attestation/index.ts';
import {
  type PredicateKind,
  predicateType,
  TrustPolicy,
  type VerifiedStatement,
} from '../../src/domain/index.ts';
import { laidOut } from './json-text.ts';
import { fenced } from './markdown.ts';

const ROOT = join(import.meta.dirname, '../..');
const RECORD = 'examples/offline/record.json';
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
  return [...record.statements, record.view].map((bundle) => {
    const result = verifier.verify(bundle);
    if (!result.ok)
      throw new Error(`${RECORD}: ${result.failure.message}; run node scripts/make-offline-example.ts`);
    const { payload } = JSON.parse(bundle).dsseEnvelope;
    return { statement: result.statement, payload: Buffer.from(payload, 'base64').toString() };
  });
}

/** The last of its kind: of the stages, the one that establishes the tier. */
function exampleOf(examples: readonly Example[], kind: string): string {
  const found = examples.findLast(({ statement }) => statement.kind === kind);
  if (found === undefined) throw new Error(`${RECORD} holds no ${predicateType(kind as PredicateKind)}`);
  return `Its id is \`${found.statement.id}\`.\n\n${fenced('json', laidOut(JSON.parse(found.payload)))}`;
}

/** The command that verifies the example, as of the time of its view, with what it prints. */
async function verifyCommand(examples: readonly Example[]): Promise<string> {
  const view = examples.findLast(({ statement }) => statement.kind === 'ledger-view/v1')?.statement;
  if (view?.kind !== 'ledger-view/v1') throw new Error(`${RECORD} holds no view`);
  const args = ['verify', RECORD, '--artifact', MODEL, '--trust', POLICY, '--as-of', view.body.issuedAt];
  const main = join(ROOT, 'src/cli/main.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { cwd: ROOT, env: {} });
  const lines = [
    `countersign ${args.slice(0, 2).join(' ')} --artifact ${MODEL} \\`,
    `  --trust ${POLICY} --as-of ${view.body.issuedAt}`,
  ];
  return `${fenced('sh', lines.join('\n'))}\n\n${fenced('text', stdout)}`;
}

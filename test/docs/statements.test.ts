import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withExamples } from '../../scripts/docs/examples.ts';
import { PREDICATE_KINDS } from '../../src/domain/index.ts';
import { canonicalJson } from '../../src/lib/index.ts';
import { blocksOf, pageAt, ROOT } from './pages.ts';

const page = pageAt('docs/statements.md');
const sha256 = (...parts: readonly Uint8Array[]) =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

interface Shown {
  readonly id: string;
  readonly statement: {
    readonly predicateType: string;
    readonly predicate: Readonly<Record<string, unknown>>;
  };
}

const shown: readonly Shown[] = [
  ...page.text.matchAll(/^Its id is `([0-9a-f]{64})`\.\n\n```json\n(.*?)^```$/gms),
].map(([, id = '', json = '']) => ({ id, statement: JSON.parse(json) }));

describe('docs/statements.md', () => {
  it('has the examples that the code makes of examples/offline (else run npm run docs)', async () => {
    expect(await withExamples(page.text)).toBe(page.text);
  });

  it('shows one statement of every kind', () => {
    const types = shown.map(({ statement }) =>
      statement.predicateType.replace('https://countersign.dev/', ''),
    );
    expect(types).toEqual(PREDICATE_KINDS);
  });

  it('shows ids that are the SHA-256 of what it shows', () => {
    for (const { id, statement } of shown)
      expect(sha256(Buffer.from(canonicalJson(statement))).toString('hex')).toBe(id);
  });

  it('says how the root of the ledger is computed', () => {
    const isView = ({ statement }: (typeof shown)[number]) =>
      statement.predicateType.endsWith('/ledger-view/v1');
    const view = shown.find(isView)?.statement.predicate as {
      statements: { id: string; keyId: string; recordedAt: string }[];
      treeSize: number;
      root: string;
    };
    expect(view.statements).toHaveLength(view.treeSize);
    const leaves = view.statements.map(({ id, keyId, recordedAt }) =>
      sha256(Buffer.of(0), Buffer.from(canonicalJson({ id, keyId, recordedAt }))),
    );
    expect(rootOf(leaves).toString('hex')).toBe(view.root);
  });

  const has = (program: string) =>
    spawnSync('which', [program], { env: { PATH: process.env['PATH'] ?? '' } }).status === 0;
  it.runIf(has('jq') && has('openssl'))('has a recipe by which OpenSSL verifies the example', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-recipe-'));
    cpSync(join(ROOT, 'examples/offline'), folder, { recursive: true });
    const [recipe = ''] = blocksOf(page, 'sh').filter((block) => block.includes('openssl'));
    const env = { PATH: process.env['PATH'] ?? '' };
    const run = () => execFileSync('bash', ['--norc', '-euc', recipe], { cwd: folder, env }).toString();
    const said = run();
    const { statements } = JSON.parse(readFileSync(join(folder, 'record.json'), 'utf8')) as {
      statements: string[];
    };
    const ids = statements.map((bundle) =>
      sha256(Buffer.from(JSON.parse(bundle).dsseEnvelope.payload, 'base64')).toString('hex'),
    );
    expect(said).toContain('Verified OK');
    expect(said).toContain(ids[8]);
    rmSync(folder, { recursive: true });
  });
});

/** RFC 6962, section 2.1, word for word: the largest power of two smaller than n goes to the left. */
function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.of(1), rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

import { expect, it } from 'vitest';
import type { NamedStatement } from '../../src/attestation/package/named-statement.ts';
import { summaryOfStatements } from '../../src/attestation/package/summary.ts';
import { PREDICATE_KINDS } from '../../src/domain/index.ts';
import { blocksOf, pageAt } from '../docs/pages.ts';

interface Statement {
  readonly predicateType: string;
  readonly predicate: Record<string, unknown>;
}

/** One statement of every kind, as the documentation shows it. */
const byKind = new Map(
  blocksOf(pageAt('docs/statements.md'), 'json')
    .map((block) => JSON.parse(block) as Statement)
    .filter(({ predicateType = '' }) => predicateType.startsWith('https://countersign.dev/'))
    .map((statement) => [statement.predicateType.slice('https://countersign.dev/'.length), statement]),
);

/** The rows of the table about statements. */
function rowsOf(statements: readonly unknown[]): string[] {
  const named = statements.map((statement) => {
    const payload = Buffer.from(JSON.stringify(statement)).toString('base64');
    return { text: JSON.stringify({ dsseEnvelope: { payload } }) } as NamedStatement;
  });
  const [view, witness] = [{ text: '' }, { text: '' }] as NamedStatement[];
  return summaryOfStatements([view, witness, ...named] as NamedStatement[])
    .split('\n')
    .filter((line) => /^\| (?!when|---)/.test(line));
}

it('tells of a statement of every kind when it was made and what it says', () => {
  const rows = rowsOf(PREDICATE_KINDS.map((kind) => byKind.get(kind)));
  expect(rows).toHaveLength(PREDICATE_KINDS.length);
  for (const row of rows) expect(row).toMatch(/^\| \d{4}-\d\d-\d\dT[\d:.]+Z \| [^|]{10,} \|$/);
});

it.each<[string, Record<string, unknown>, string]>([
  [
    'approval-withdrawal/v1',
    { person: 'lea', withdrawnAt: '2026-11-01T10:00:00.000Z' },
    'answer withdrawn by lea',
  ],
  [
    'override/v1',
    { person: 'olga', role: 'risk_officer', environment: 'eu', expiresAt: '2026-11-02T00:00:00.000Z' },
    'override by olga (risk_officer) for eu, good until 2026-11-02T00:00:00.000Z',
  ],
  [
    'renewal/v1',
    { number: 2, reason: 'nothing | changed', validUntil: '2027-01-01T00:00:00.000Z' },
    'renewal 2: nothing \\| changed; valid until 2027-01-01T00:00:00.000Z',
  ],
  ['override-documentation/v1', { person: 'olga' }, 'override documented by olga'],
])('says of %s who, for what and until when', (kind, parts, says) => {
  const statement = byKind.get(kind);
  if (statement === undefined) throw new Error(`the documentation shows no ${kind}`);
  const [row] = rowsOf([{ ...statement, predicate: { ...statement.predicate, ...parts } }]);
  expect(row).toContain(`| ${says} |`);
});

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeExample } from '../../examples/fraud-detection/make/example.ts';
import { type Facts, groupTable } from '../../examples/fraud-detection/make/facts.ts';
import { performance } from './support/performance.ts';
import { inSlice, type Row, readRows } from './support/predictions.ts';

const FOLDER = join(import.meta.dirname, '../../examples/fraud-detection');
const VERSIONS = ['4.1.2', '4.2.0'] as const;
const PREDICTIONS = 'eval-predictions.parquet';

interface Card {
  readonly components: readonly {
    readonly name: string;
    readonly version?: string;
    readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
    readonly modelCard?: {
      readonly quantitativeAnalysis: {
        readonly performanceMetrics: readonly {
          readonly type: string;
          readonly value: string;
          readonly slice?: string;
        }[];
      };
    };
  }[];
}

const bytesOf = (...path: string[]) => readFileSync(join(...path));
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
const cardOf = (version: string) =>
  JSON.parse(bytesOf(FOLDER, version, 'model-card.cdx.json').toString()) as Card;

let first = '';
let second = '';
let made: readonly Facts[] = [];

beforeAll(async () => {
  first = mkdtempSync(join(tmpdir(), 'example-'));
  second = mkdtempSync(join(tmpdir(), 'example-'));
  made = await makeExample(first);
  await makeExample(second);
}, 60_000);

afterAll(() => {
  for (const folder of [first, second]) rmSync(folder, { recursive: true, force: true });
});

describe.each(VERSIONS)('making fraud-detection %s again', (version) => {
  it('gives the committed files', () => {
    const names = filesOf(join(FOLDER, version));
    expect(filesOf(join(first, version))).toEqual(names);
    // The Parquet file has a test of its own: float32 sums may differ in the last bits between kinds of processor.
    for (const name of names.filter((each) => each !== PREDICTIONS)) {
      expect(bytesOf(first, version, name).equals(bytesOf(FOLDER, version, name)), name).toBe(true);
    }
  });

  it('gives the committed predictions, but for the last digit of a score', async () => {
    const [again, committed] = await Promise.all(
      [first, FOLDER].map((folder) => readRows(join(folder, version, PREDICTIONS))),
    );
    const withoutScore = (rows: readonly Row[] = []) => rows.map((row) => ({ ...row, fraud_score: 0 }));
    expect(committed).toHaveLength(16_000);
    expect(withoutScore(again)).toEqual(withoutScore(committed));
    const gaps =
      committed?.map((row, index) =>
        Math.abs(row.fraud_score - (again?.[index]?.fraud_score ?? Number.NaN)),
      ) ?? [];
    expect(Math.max(...gaps)).toBeLessThan(1.5e-4);
  });

  it('gives the same bytes twice on one machine', () => {
    for (const name of filesOf(join(first, version))) {
      expect(bytesOf(first, version, name).equals(bytesOf(second, version, name)), name).toBe(true);
    }
  });
});

describe.each(VERSIONS)('the documents of fraud-detection %s', (version) => {
  it("name the model file's SHA-256 on the card", () => {
    const model = cardOf(version).components.find((component) => component.modelCard);
    expect(model).toMatchObject({ name: 'fraud-detection', version });
    expect(model?.hashes).toEqual([
      { alg: 'SHA-256', content: sha256(bytesOf(FOLDER, version, 'model.onnx')) },
    ]);
  });

  it('carry metrics that the predictions bear out', async () => {
    const rows = await readRows(join(FOLDER, version, PREDICTIONS));
    const metrics = cardOf(version).components.flatMap(
      (each) => each.modelCard?.quantitativeAnalysis.performanceMetrics ?? [],
    );
    expect(metrics).toHaveLength(15 * 5);
    for (const { type, value, slice } of metrics) {
      expect(performance(inSlice(rows, slice))[type], `${type} of ${slice}`).toBeCloseTo(Number(value), 4);
    }
  });

  it('name every control document by its SHA-256', () => {
    const { controls } = parse(bytesOf(FOLDER, version, 'controls.yaml').toString()) as {
      controls: Record<string, { document?: string; sha256?: string }>;
    };
    const named = Object.values(controls).filter((control) => control.document !== undefined);
    for (const { document = '', sha256: digest } of named) {
      const file = `${document.replace('control.', '').replaceAll('_', '-')}.md`;
      expect(digest, file).toBe(sha256(bytesOf(FOLDER, version, 'controls', file)));
    }
    expect(new Set(named.map((control) => control.document)).size).toBe(
      readdirSync(join(FOLDER, version, 'controls')).length,
    );
  });

  it('are told in the README with their numbers', () => {
    const facts = made.find((each) => each.version.version === version);
    const unpadded = (table: string) => table.replace(/-{3,}/g, '---').replace(/ +/g, ' ');
    expect(unpadded(bytesOf(FOLDER, 'README.md').toString())).toContain(
      unpadded(groupTable(facts?.metrics ?? [])),
    );
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { temporaryFolder } from './workspace.ts';

/** Writes rows as Parquet with an unlocked DuckDB. */
export async function parquet(select: string): Promise<Buffer> {
  const path = join(await temporaryFolder(), 'rows.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  return readFile(path);
}

/** Values of Thrift's compact protocol, in which a Parquet file describes itself: just enough to tell lies in it. */
const thrift = {
  int: (value: number | bigint, type: 'i32' | 'i64' = 'i32'): Value => ({
    type: type === 'i32' ? 5 : 6,
    bytes: varint(BigInt(value) << 1n),
  }),
  text: (text: string): Value => ({
    type: 8,
    bytes: Buffer.concat([varint(BigInt(text.length)), Buffer.from(text)]),
  }),
  list: (values: readonly Value[], type = values[0]?.type ?? 12): Value => ({
    type: 9,
    bytes: Buffer.concat([
      Buffer.from([0xf0 | type]),
      varint(BigInt(values.length)),
      ...values.map(({ bytes }) => bytes),
    ]),
  }),
  /** Fields by their numbers, which rise. */
  struct: (fields: Readonly<Record<number, Value>>): Value => {
    let last = 0;
    const parts = Object.entries(fields).map(([key, { type, bytes }]) => {
      const header = ((Number(key) - last) << 4) | type;
      last = Number(key);
      return Buffer.concat([Buffer.from([header]), bytes]);
    });
    return { type: 12, bytes: Buffer.concat([...parts, Buffer.from([0])]) };
  },
};

interface Value {
  readonly type: number;
  readonly bytes: Buffer;
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

/** An element of a schema: a group with children, or a column of whole numbers. */
export const element = (name: string, children = 0): Value =>
  children > 0
    ? thrift.struct({ 3: thrift.int(0), 4: thrift.text(name), 5: thrift.int(children) })
    : thrift.struct({ 1: thrift.int(1), 3: thrift.int(0), 4: thrift.text(name) });

/** A row group whose columns all have their bytes, as is said, at an offset. */
export const rowGroup = (columns: readonly string[], rows: bigint, offset: bigint, bytes: bigint): Value => {
  const chunkOf = (column: string) =>
    thrift.struct({
      1: thrift.int(1),
      2: thrift.list([thrift.int(0)]),
      3: thrift.list([thrift.text(column)]),
      4: thrift.int(0),
      5: thrift.int(rows, 'i64'),
      6: thrift.int(bytes, 'i64'),
      7: thrift.int(bytes, 'i64'),
      9: thrift.int(offset, 'i64'),
    });
  const chunks = columns.map((column) => thrift.struct({ 2: thrift.int(offset, 'i64'), 3: chunkOf(column) }));
  return thrift.struct({
    1: thrift.list(chunks),
    2: thrift.int(bytes, 'i64'),
    3: thrift.int(rows, 'i64'),
  });
};

/** A Parquet file with a footer of one's own. */
export function parquetOf(
  schema: readonly Value[],
  rows: bigint,
  groups: readonly Value[] = [],
  data: Buffer = Buffer.alloc(0),
): Buffer {
  const footer = thrift.struct({
    1: thrift.int(1),
    2: thrift.list(schema),
    3: thrift.int(rows, 'i64'),
    4: thrift.list(groups, 12),
  }).bytes;
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from('PAR1'), data, footer, length, Buffer.from('PAR1')]);
}

/** A data page that says how many bytes and values it holds. */
export const dataPage = (bytes: number, values: number): Buffer =>
  thrift.struct({
    1: thrift.int(0),
    2: thrift.int(bytes),
    3: thrift.int(bytes),
    5: thrift.struct({ 1: thrift.int(values), 2: thrift.int(0), 3: thrift.int(3), 4: thrift.int(3) }),
  }).bytes;

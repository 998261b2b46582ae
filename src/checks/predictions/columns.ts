import type { Parsed } from '../../lib/index.ts';
import type { CheckFile } from '../contract.ts';

/** The evidence name of the evaluated rows with their predictions. */
export const PREDICTIONS = 'predictions';

/** The column names of a predictions file. */
export async function predictionColumns(file: CheckFile): Promise<Parsed<readonly string[]>> {
  const { openTable } = await import('./table.ts');
  const table = await openTable(PREDICTIONS, file);
  if (!table.ok) return table;
  await table.value.close();
  return { ok: true, value: table.value.columns };
}

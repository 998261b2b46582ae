import { type Parsed, parsed } from '../../lib/index.ts';
import type { CheckFile } from '../contract.ts';

/** The evidence name of the evaluated rows with their predictions. */
export const PREDICTIONS = 'predictions';

/** The column names of a predictions file. */
export async function predictionColumns(file: CheckFile): Promise<Parsed<readonly string[]>> {
  const { withTable } = await import('./table.ts');
  return withTable(PREDICTIONS, file, 'exact', async ({ columns }) => parsed(columns));
}

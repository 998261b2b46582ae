import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Transaction } from './data.ts';
import { FEATURES } from './features.ts';

/** Decimal places kept of a score: float32 sums may differ between processors further to the right. */
const DECIMALS = 4;

/** Loads an ONNX file and returns its fraud score, 0 to 1, for each transaction. */
export async function scoreWith(modelFile: string, transactions: readonly Transaction[]): Promise<number[]> {
  const session = await InferenceSession.create(modelFile, { logSeverityLevel: 3, intraOpNumThreads: 1 });
  try {
    const inputs = Float32Array.from(transactions.flatMap((transaction) => [...transaction.features]));
    const features = new Tensor('float32', inputs, [transactions.length, FEATURES.length]);
    const { probabilities } = await session.run({ features });
    if (!(probabilities?.data instanceof Float32Array))
      throw new Error(`${modelFile} gave no float probabilities`);
    const values = probabilities.data;
    return transactions.map((_, row) => Number((values[row * 2 + 1] ?? Number.NaN).toFixed(DECIMALS)));
  } finally {
    await session.release();
  }
}

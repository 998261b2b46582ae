import { createHash } from 'node:crypto';
import type { Feature } from './contract.ts';
import type { Rows } from './session.ts';

/** Rows drawn evenly from the features' ranges; the same seed gives the same rows. */
export function randomRows(features: readonly Feature[], count: number, seed: string): Rows {
  const draw = uniform(seed);
  const values = new Float64Array(count * features.length);
  for (let row = 0; row < count; row++)
    features.forEach((feature, column) => {
      values[row * features.length + column] = drawn(feature, draw());
    });
  return { count, values };
}

function drawn({ kind, min, max, integer, levels = [] }: Feature, share: number): number {
  if (kind === 'categorical') return levels[Math.floor(share * levels.length)] ?? min;
  const value = min + share * (max - min);
  return integer ? Math.min(max, Math.max(min, Math.round(value))) : value;
}

/** Numbers from 0 up to 1, 32 bits each, from SHA-256 in counter mode. */
function uniform(seed: string): () => number {
  let block = Buffer.alloc(0);
  let counter = 0;
  let at = 0;
  return () => {
    if (at >= block.length) {
      block = createHash('sha256').update(`${seed}/${counter++}`).digest();
      at = 0;
    }
    at += 4;
    return block.readUInt32LE(at - 4) / 2 ** 32;
  };
}

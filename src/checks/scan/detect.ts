import type { ArtifactFormat } from './formats.ts';
import { actsAsPickle, beginsAsPickle, isLegacyTorch } from './pickle/scan.ts';
import { NotProtobuf, wireFields } from './protobuf.ts';
import { looksLikeSafetensors } from './safetensors.ts';
import type { ByteSource } from './source.ts';

const HEAD = 1024;

/** First bytes of formats that pack others. What they pack is not looked at. */
const COMPRESSED = [
  '1f8b',
  '425a68',
  'fd377a585a00',
  '28b52ffd',
  '04224d18',
  '7801',
  '785e',
  '789c',
  '78da',
  '377abcaf271c',
  '526172211a07',
  '5d0000',
];
const HDF5 = Buffer.from('894844460d0a1a0a', 'hex');
/** Where the signature of an HDF5 file may stand: at the start, or behind a block of the user's. */
const HDF5_OFFSETS = [0, 512, 1024, 2048, 4096];

/** The format of an artifact by its bytes. The format decides what is looked at next; it is no finding yet. */
export function detectFormat(source: ByteSource): ArtifactFormat {
  if (source.size === 0) return 'empty';
  const head = source.read(0, HEAD);
  const begins = (hex: string) => head.subarray(0, hex.length / 2).toString('hex') === hex;
  if (begins('504b0304') || begins('504b0506') || begins('504b0708')) return 'zip';
  if (HDF5_OFFSETS.some((offset) => source.read(offset, HDF5.length).equals(HDF5))) return 'hdf5';
  if (begins('934e554d5059')) return 'numpy';
  if (begins('47475546')) return 'gguf';
  if (COMPRESSED.some(begins)) return 'compressed';
  if (isTar(head)) return 'tar';
  // Before pickles: the length that it begins with may look like their first opcode.
  if (looksLikeSafetensors(head)) return 'safetensors';
  if (isLegacyTorch(head)) return 'pytorch';
  if (beginsAsPickle(head)) return 'pickle';
  return detectProtobuf(source) ?? (actsAsPickle(source) ? 'pickle' : 'unknown');
}

/** A tar header sums its own bytes up, whatever the age of its kind. */
function isTar(head: Buffer): boolean {
  if (head.length < 512) return false;
  const said = Number.parseInt(head.toString('latin1', 148, 156).replace(/[\0 ]/g, ''), 8);
  const sum = head
    .subarray(0, 512)
    .reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  return said === sum && sum > 8 * 32;
}

/**
 * ONNX and SavedModel are protobuf without a mark of their own: they are told by their first fields. A model begins with
 * its IR version and has a graph (7); a SavedModel begins with its schema version, 1, and has nothing but graphs (2).
 */
function detectProtobuf(source: ByteSource): ArtifactFormat | undefined {
  const numbers: number[] = [];
  let version = 0n;
  try {
    for (const { number, wire, value } of wireFields(source)) {
      if (number === 1 && wire === 0) version = value;
      if (numbers.push(number) >= 64) break;
    }
  } catch (error) {
    // What is cut off may still be told by the fields before.
    if (!(error instanceof NotProtobuf)) throw error;
  }
  if (version === 1n && numbers.length > 1 && numbers.every((number) => number <= 2)) return 'saved_model';
  const isModel = version > 0n && version < 1000n && (numbers.includes(7) || numbers.length > 1);
  return isModel && numbers.every((number) => number <= 26) ? 'onnx' : undefined;
}

import type { ByteSource } from '../source.ts';

/** Where the central directory of a zip file is. */
export interface ZipEnd {
  readonly directoryStart: number;
  readonly entries: number;
}

const END = 22;
const LOCATOR = 20;
const END64 = 56;

/**
 * Reads the end of a zip file. Only the plainest form is accepted: no comment, nothing behind it, and a directory that
 * ends where the end begins, so that every reader finds the same directory.
 *
 * @returns what is wrong, otherwise
 */
export function readZipEnd(source: ByteSource): ZipEnd | string {
  const at = source.size - END;
  const end = at < 0 ? Buffer.alloc(0) : source.read(at, END);
  if (at < 0 || end.readUInt32LE(0) !== 0x06054b50)
    return 'does not end with the end of a zip file: it is cut off, or has a comment or other bytes behind it';
  if (end.readUInt16LE(4) !== 0 || end.readUInt16LE(6) !== 0)
    return 'is a part of a zip file in several parts';
  const found = isLarge(end) ? readEnd64(source, at - LOCATOR) : readEnd32(end, at);
  if (typeof found === 'string') return found;
  const { start, size, until, entries } = found;
  return start + size === until
    ? { directoryStart: start, entries }
    : 'has bytes that belong to no entry before its end';
}

interface Directory {
  readonly start: number;
  readonly size: number;
  readonly until: number;
  readonly entries: number;
}

function isLarge(end: Buffer): boolean {
  return (
    end.readUInt16LE(10) === 0xffff ||
    end.readUInt32LE(12) === 0xffffffff ||
    end.readUInt32LE(16) === 0xffffffff
  );
}

function readEnd32(end: Buffer, until: number): Directory {
  return { start: end.readUInt32LE(16), size: end.readUInt32LE(12), until, entries: end.readUInt16LE(10) };
}

function readEnd64(source: ByteSource, locatorAt: number): Directory | string {
  const until = locatorAt - END64;
  if (until < 0) return 'lacks the end that its size asks for (zip64)';
  const locator = source.read(locatorAt, LOCATOR);
  const end = source.read(until, END64);
  const fits =
    locator.readUInt32LE(0) === 0x07064b50 &&
    locator.readBigUInt64LE(8) === BigInt(until) &&
    end.readUInt32LE(0) === 0x06064b50;
  if (!fits) return 'lacks the end that its size asks for (zip64)';
  return {
    start: Number(end.readBigUInt64LE(48)),
    size: Number(end.readBigUInt64LE(40)),
    until,
    entries: Number(end.readBigUInt64LE(32)),
  };
}

import { CountersignError } from '../../domain/index.ts';

/** Where an object lies. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Reads `s3://bucket/key`. @throws CountersignError `invalid_input` */
export function parseS3Uri(uri: string): ObjectAddress {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(uri) ?? [];
  if (BUCKET.test(bucket) && isKey(key)) return { bucket, key };
  throw new CountersignError('invalid_input', `${JSON.stringify(uri)} is no s3://bucket/key`);
}

/** Parts such as `..` are resolved by some servers, and by clients on the way. */
function isKey(key: string): boolean {
  return key.length <= 1024 && !key.split('/').some((part) => part === '.' || part === '..');
}

/** Spells an address as `s3://bucket/key`. */
export function s3Uri({ bucket, key }: ObjectAddress): string {
  return `s3://${bucket}/${key}`;
}

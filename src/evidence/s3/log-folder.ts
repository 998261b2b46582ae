import { firstBytes } from '../http.ts';
import type { LogFolder } from '../log-folder.ts';
import { parseS3Uri } from './address.ts';
import type { S3Client } from './client.ts';

/** More than any file of a log has: a tile is of 256 entries. */
const LARGEST = 64 * 1024 ** 2;

/** A log's folder in a bucket, given as `s3://bucket/prefix`. An object is there whole or not at all. */
export function openS3LogFolder(url: string, client: S3Client): LogFolder {
  const { bucket, key: prefix } = parseS3Uri(url);
  const addressOf = (name: string) => ({
    bucket,
    key: [prefix.replace(/\/+$/, ''), name].filter((part) => part !== '').join('/'),
  });
  return {
    path: url,
    read: async (name) => {
      const response = await client.get(addressOf(name));
      return response === null ? null : firstBytes(response, LARGEST);
    },
    write: (name, bytes) => client.put(addressOf(name), bytes, 'application/octet-stream'),
  };
}

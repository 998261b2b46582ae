import type { PublishedFile } from '../../domain/index.ts';
import { firstBytes } from '../http.ts';
import { parseS3Uri } from '../s3/address.ts';
import type { S3Client } from '../s3/client.ts';
import type { EvidencePlace, EvidenceSubject } from './place.ts';

/** Publishes into a bucket: `<prefix>/<model>/<version>/<file>`. */
export function createS3Place(
  { name, url }: { readonly name: string; readonly url: string },
  client: S3Client,
): EvidencePlace {
  const { bucket, key: prefix } = parseS3Uri(url);
  const addressOf = ({ modelId, modelVersion }: EvidenceSubject, file: PublishedFile) => {
    const parts = [prefix.replace(/\/+$/, ''), modelId, modelVersion, file.name];
    return { bucket, key: parts.filter((part) => part !== '').join('/') };
  };
  return {
    name,
    put: async (subject, file) => {
      await client.put(addressOf(subject, file), file.content, file.mediaType);
      return true;
    },
    read: async (subject, file) => {
      const response = await client.get(addressOf(subject, file));
      return response === null ? null : firstBytes(response, file.bytes + 1);
    },
    remove: async (subject, file) => {
      await client.remove(addressOf(subject, file));
      return true;
    },
    probe: async () => {
      await client.probe({ bucket, key: prefix });
      return 'answers, and lists its objects';
    },
  };
}

import type { Examined } from '../../cli/index.ts';
import type { Config, PublishPlace, S3Bucket } from '../../config/index.ts';
import { parseS3Uri } from '../../evidence/index.ts';
import { openPlace } from '../publishing.ts';
import { openBucket } from '../publishing-reach.ts';
import { about } from './examined.ts';
import { why } from './why.ts';

const { ok, problem } = about('publishing');

/** Reads, of every place and bucket that is published to, what is there for nobody; all at the same time. */
export async function examinePublishing({ publish, ledger }: Config): Promise<Examined[]> {
  const looking = [
    ...publish.places.map((place) => examinePlace(place, publish)),
    ...ledger.publish.buckets.map((bucket) => examineBucket(bucket, publish)),
  ];
  return looking.length === 0 ? [ok('nothing is published')] : Promise.all(looking);
}

async function examinePlace(place: PublishPlace, accounts: Config['publish']): Promise<Examined> {
  try {
    return ok(`the place ${place.name} ${await openPlace(place, accounts).probe()}`);
  } catch (error) {
    return problem(
      `the place ${place.name} cannot be published to: ${why(error)}`,
      `correct ${place.name} under publish.places (its ${SETTINGS[place.kind]}), or take it out`,
    );
  }
}

async function examineBucket(bucket: S3Bucket, { s3 }: Config['publish']): Promise<Examined> {
  const what = `the bucket of checkpoints ${bucket.url}`;
  try {
    await openBucket(bucket, s3).probe(parseS3Uri(bucket.url));
    return ok(`${what} answers, and lists its objects`);
  } catch (error) {
    return problem(
      `${what} cannot be published to: ${why(error)}`,
      `correct it under ledger.publish.buckets (its ${SETTINGS.s3}), or take it out`,
    );
  }
}

const SETTINGS: Readonly<Record<PublishPlace['kind'], string>> = {
  directory: 'path, and who may read it',
  s3: 'endpoint, region, addresses, ca_file, and the account of AWS_ACCESS_KEY_ID',
  oci: 'also_hosts, addresses, ca_file, and the account of the registry',
};

import { z } from 'zod';
import { OutboundRange } from '../outbound/index.ts';
import { BUCKET_URL } from './publish.ts';

const Text = z.string().min(1).max(512);

const Bucket = z.strictObject({
  to: z
    .string()
    .max(512)
    .regex(BUCKET_URL, 'expected s3://bucket or s3://bucket/prefix')
    .describe('The bucket, as `s3://bucket/prefix`.'),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Base URL of the store that holds it; AWS by default.'),
  region: Text.default('us-east-1').describe('The region that requests are signed for.'),
  addresses: z
    .array(OutboundRange)
    .max(32)
    .default([])
    .describe(
      'Addresses and ranges, such as `10.0.0.0/8`, that may be connected to although they are not public.',
    ),
  ca_file: Text.optional().describe(
    'Path of certificates (PEM) of authorities to trust beside the public ones.',
  ),
});

/** `ledger` of countersign.yaml: the ledger as a transparency log. */
export const Ledger = z.strictObject({
  origin: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._~:/-]{0,199}$/,
      'expected a URL without scheme, such as governance.example.com/ledger',
    )
    .default('countersign/ledger')
    .describe(
      'Names the ledger in its checkpoints: a URL without scheme that is yours alone, such as `governance.example.com/ledger`. Another origin is another ledger: checkpoints of the old one are no longer compared with.',
    ),
  publish: z
    .strictObject({
      directories: z
        .array(Text)
        .max(16)
        .default([])
        .describe(
          'Folders that get a copy of the log (C2SP tlog-tiles), relative to this file: on other machines than the database, where its administrators cannot write. The ledger is held against each of them at every tick.',
        ),
      buckets: z
        .array(Bucket)
        .max(16)
        .default([])
        .describe(
          'Buckets that get such a copy too, with the keys of `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; best ones that keep every version of an object.',
        ),
      slack_channel: Text.optional().describe('Channel id or name in which checkpoints are posted.'),
      every_minutes: z
        .number()
        .min(1)
        .max(10_080)
        .default(60)
        .describe('Minutes between two checkpoints at least; one is published only if the ledger has grown.'),
    })
    .prefault({})
    .describe('Where checkpoints go, so that history cannot be rewritten in silence.'),
});

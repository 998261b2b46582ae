import { z } from 'zod';

const Text = z.string().min(1).max(512);

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

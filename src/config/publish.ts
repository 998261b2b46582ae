import { resolve } from 'node:path';
import { z } from 'zod';

const PLACE_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

const Place = z
  .strictObject({
    name: z
      .string()
      .regex(PLACE_NAME, 'expected a short name of a-z 0-9 _ -')
      .describe('Its name in findings and logs.'),
    to: z.string().min(1).max(512).describe('The path of a folder.'),
  })
  .superRefine(({ to }, ctx) => {
    if (/^\w+:\/\//.test(to))
      ctx.addIssue({ code: 'custom', path: ['to'], message: 'expected the path of a folder' });
  });

/** `publish` of countersign.yaml. */
export const Publish = z.strictObject({
  places: z
    .array(Place)
    .max(16)
    .refine(
      (places) => new Set(places.map(({ name }) => name)).size === places.length,
      'two places have the same name',
    )
    .optional()
    .describe(
      'Where the evidence of each governed model version is published: its record, all statements about it and a verification summary for each environment. The folder `published` in the data folder by default; `[]` publishes nowhere.',
    ),
  verifier_id: z
    .url()
    .default('https://countersign.dev/verifier')
    .describe(
      'The `verifier.id` of verification summaries. Consumers believe known pairs of key and verifier only.',
    ),
  inspect_minutes: z
    .number()
    .min(0.01)
    .max(1440)
    .default(60)
    .describe('Minutes between two looks whether what was published still stands there unchanged.'),
});

/** Where evidence is published. */
export type PublishPlace = { readonly kind: 'directory'; readonly name: string; readonly path: string };

/** The places of a configuration, paths absolute. */
export function placesOf({ places }: z.infer<typeof Publish>, base: string, dataDir: string): PublishPlace[] {
  if (places === undefined)
    return [{ kind: 'directory', name: 'folder', path: resolve(dataDir, 'published') }];
  return places.map(({ name, to }) => ({ kind: 'directory', name, path: resolve(base, to) }));
}

import { z } from 'zod';
import { SourceName } from '../deployment-list.ts';
import { refineSite, SiteSettings } from '../site.ts';

const Query = z.string().min(1).max(4096);
const Label = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'expected the name of a label');

/** Settings of a source of type `prometheus`. */
export const PrometheusSettings = z
  .strictObject({
    ...SiteSettings,
    environment: SourceName.describe('Environment of what serves, where a series has no label that says it.'),
    query: Query.default('model_serving_active{job!="countersign"} > 0').describe(
      'What serves: one series for each process or deployment. Leave out what Countersign exports itself.',
    ),
    hash_query: Query.default('model_deployed_hash{job!="countersign"}').describe(
      'The first 52 bits of the digest as a number, by model and version, for series without a label that names the digest.',
    ),
    up_query: Query.optional().describe(
      'Such as `up{job="serving"}`: while a series of it is 0, what is not seen any more is stale, and while all are 1 it is gone. By default `up` of the `job` and `instance` that showed it.',
    ),
    gone_after_seconds: z
      .int()
      .min(1)
      .max(86_400)
      .default(300)
      .describe(
        'Seconds for which what is not seen any more is stale, where nothing says whether its targets can be scraped; then it is gone.',
      ),
    model_label: Label.default('model_id').describe('The label with the model id.'),
    version_label: Label.default('model_version').describe('The label with its version.'),
    digest_label: Label.default('digest').describe(
      'The label with the SHA-256 of what is served, where there is one.',
    ),
    environment_label: Label.optional().describe('The label with the environment.'),
    deployment_label: Label.optional().describe(
      "The label with the deployment's name; the model id by default.",
    ),
  })
  .superRefine(refineSite);
export type PrometheusSettings = z.infer<typeof PrometheusSettings>;

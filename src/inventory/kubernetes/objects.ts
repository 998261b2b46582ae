import { z } from 'zod';

/** Keys and values such as annotations; a cluster leaves them out where there are none. */
const Texts = z
  .record(z.string(), z.string())
  .nullish()
  .transform((texts) => texts ?? {});

/** What every object of a cluster has; what else there is of it, such as who set which field, is not kept. */
export const Meta = z.object({
  name: z.string().min(1).max(253),
  namespace: z.string().min(1).max(63),
  annotations: Texts,
  labels: Texts,
  creationTimestamp: z.string().default(''),
  deletionTimestamp: z.string().nullish(),
  ownerReferences: z
    .array(z.object({ kind: z.string(), controller: z.boolean().nullish() }))
    .nullish()
    .transform((owners) => owners ?? []),
});
export type Meta = z.infer<typeof Meta>;

const ContainerStatuses = z
  .array(z.object({ name: z.string(), imageID: z.string().default(''), image: z.string().default('') }))
  .nullish()
  .transform((statuses) => statuses ?? []);

/** A pod, as far as it tells what it serves. */
export const Pod = z
  .object({
    metadata: Meta,
    status: z
      .object({
        conditions: z
          .array(z.object({ type: z.string(), status: z.string() }))
          .nullish()
          .transform((conditions) => conditions ?? []),
        containerStatuses: ContainerStatuses,
        initContainerStatuses: ContainerStatuses,
      })
      .prefault({}),
  })
  .transform(({ metadata, status }) => ({
    ...metadata,
    /** Whether it takes requests: one that is starting, failing or going serves nothing. */
    isServing:
      !metadata.deletionTimestamp &&
      status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    containers: [...status.containerStatuses, ...status.initContainerStatuses],
  }));
export type Pod = z.infer<typeof Pod>;

/** Something that serves models. */
export interface Workload extends Pick<Meta, 'name' | 'namespace' | 'annotations'> {
  /** The first part of its deployments' names, such as `inferenceservice`. */
  readonly kind: string;
  readonly environment: string;
  /** Where its models come from, as its newest specification says. */
  readonly uris: readonly string[];
}

/** The first parts of a deployment's name. */
export function deploymentName({
  kind,
  namespace,
  name,
}: Pick<Workload, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}

import { z } from 'zod';
import { OutboundRange } from '../../outbound/index.ts';
import { SourceName } from '../deployment-list.ts';
import { CommonSettings, TimeoutSeconds } from '../settings.ts';

const Namespace = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'expected the name of a namespace');

/** What is looked for in a cluster. */
export const RESOURCES = [
  'inferenceservices',
  'llminferenceservices',
  'seldondeployments',
  'seldonmodels',
  'deployments',
  'statefulsets',
] as const;
export type ResourceName = (typeof RESOURCES)[number];

/** Settings of a source of type `kubernetes`. */
export const KubernetesSettings = z
  .strictObject({
    ...CommonSettings,
    timeout_seconds: TimeoutSeconds,
    kubeconfig: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Path of a kubeconfig with a token or a client certificate. One that runs a program (`exec`) is refused.',
      ),
    context: z.string().min(1).optional().describe('The context in it; the current one by default.'),
    service_account: z
      .string()
      .min(1)
      .optional()
      .describe(
        'In a pod: the folder with `token` and `ca.crt`, `/var/run/secrets/kubernetes.io/serviceaccount`. Say this or `kubeconfig`.',
      ),
    server: z
      .url({ protocol: /^https$/ })
      .optional()
      .describe('With `service_account`: the API server; `https://kubernetes.default.svc` by default.'),
    allow_addresses: z
      .array(OutboundRange)
      .max(64)
      .default([])
      .describe(
        'Addresses and ranges beyond public ones that the API server may have, such as `10.96.0.1`: those of services in a pod.',
      ),
    environment: SourceName.describe('Environment of what serves in the cluster.'),
    environment_of: z
      .record(Namespace, SourceName)
      .default({})
      .describe('Environments of namespaces that are another one.'),
    namespaces: z
      .array(Namespace)
      .min(1)
      .max(1000)
      .optional()
      .describe('Namespaces that are looked at; all by default, which takes the right to list in all.'),
    resources: z
      .array(z.enum(RESOURCES))
      .min(1)
      .optional()
      .describe(
        'Kinds that are looked for; all by default, where a kind that the cluster says that it never had is no fault.',
      ),
  })
  .refine(
    ({ kubeconfig, service_account }) => (kubeconfig === undefined) !== (service_account === undefined),
    {
      error: 'expected one of kubeconfig and service_account',
    },
  )
  .refine(({ kubeconfig, server }) => kubeconfig === undefined || server === undefined, {
    error: 'a kubeconfig names its server itself',
    path: ['server'],
  });
export type KubernetesSettings = z.infer<typeof KubernetesSettings>;

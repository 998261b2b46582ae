import { z } from 'zod';
import { openRegistry, registryUrl } from '../evidence/index.ts';
import { type Outbound, OutboundHost } from '../outbound/index.ts';
import type { InventorySource, SeenDeployment } from './contract.ts';
import { lookAtEach, placesOf, ServedSettings, ServedVersion } from './listed-places.ts';
import { quoted, seenName } from './names.ts';
import { Secret, type SourceTools } from './secret.ts';
import { paceOf } from './settings.ts';
import { loginFault, openOutbound, ReachSettings } from './site.ts';

const Image = z.strictObject({
  ...ServedSettings,
  model_version: ServedVersion.optional().describe('Its version; the tag by default.'),
  repository: z
    .string()
    .regex(
      /^oci:\/\/[a-zA-Z0-9.-]+(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+$/,
      'expected oci://registry/repository',
    )
    .describe('Where it is: `oci://registry.example.com/team/fraud`.'),
  tag: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, 'expected a tag')
    .describe('The tag that is deployed.'),
});
type Image = z.infer<typeof Image>;

/** Settings of a source of type `oci`. */
export const OciSettings = z
  .strictObject({
    ...ReachSettings,
    images: placesOf(Image).describe('What is deployed from which tag.'),
    username: z.string().min(1).max(256).optional().describe('Of an account that may pull.'),
    password: Secret.optional().describe('Its password or token: `{ env: NAME }` or `{ file: path }`.'),
    plain_http: z.boolean().default(false).describe('The registries speak HTTP without TLS.'),
    allow_hosts: z
      .array(OutboundHost)
      .max(64)
      .default([])
      .describe('Hosts besides the registries that are asked for tokens, such as `auth.docker.io`.'),
  })
  .superRefine((settings, ctx) => {
    const fault = loginFault(settings);
    if (fault !== null) ctx.addIssue({ code: 'custom', path: ['password'], message: fault });
  });
export type OciSettings = z.infer<typeof OciSettings>;

/** Deployments from what tags in registries point at. */
export function createOciSource(settings: OciSettings, tools: SourceTools): InventorySource {
  return {
    ...paceOf(settings),
    observe: async (signal) => {
      const { username, password, plain_http: plainHttp, images, allow_hosts } = settings;
      const credentials =
        username === undefined || password === undefined
          ? null
          : { username, password: await tools.secret(password) };
      const outbound = await openOutbound(
        [...images.map((image) => originOf(image, plainHttp)), ...allow_hosts.map(urlOf)],
        settings,
        tools,
      );
      const send: Outbound['send'] = (url, request) =>
        outbound.send(url, { ...request, redirects: 0, signal });
      return lookAtEach(images, async (image) => {
        const found = await openRegistry(image.repository, { credentials, plainHttp, send }).manifest(
          image.tag,
        );
        return observe(image, found?.descriptor.digest ?? null);
      });
    },
  };
}

function observe(image: Image, digest: SeenDeployment['digest']): SeenDeployment {
  const { name, environment, model_id, model_version, repository, tag } = image;
  const { note, ...model } = seenName(model_id, model_version ?? tag);
  const tagged = `the tag ${quoted(tag)} of ${repository}`;
  const known =
    digest === null
      ? { digest, confidence: 'unknown' as const, how: `${tagged} is not there${note}` }
      : { digest, confidence: 'reported' as const, how: `${tagged} points at it${note}` };
  return { deployment: name, environment, ...model, ...known, replicas: 1 };
}

function originOf({ repository }: Image, plainHttp: boolean): string {
  return registryUrl(repository.slice('oci://'.length).split('/')[0] ?? '', plainHttp);
}

function urlOf(host: string): string {
  return host.startsWith('http://') ? host : `https://${host}`;
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CountersignError } from '../../domain/index.ts';
import { createOutbound } from '../../outbound/index.ts';
import type { SourceTools } from '../secret.ts';
import { withRemedy } from '../site.ts';
import { openWeb, type Web } from '../web.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { readKubeconfig } from './kubeconfig.ts';
import type { KubernetesSettings } from './settings.ts';

const IN_A_POD = 'https://kubernetes.default.svc';

/** Opens the API server, with credentials as they are now: those of a pod change by the hour. */
export async function openCluster(settings: KubernetesSettings, tools: SourceTools): Promise<Web> {
  const { kubeconfig, context, service_account = '', server = IN_A_POD, allow_addresses } = settings;
  const access =
    kubeconfig === undefined
      ? await readServiceAccount(tools.pathOf(service_account), server)
      : await readKubeconfig(kubeconfig, context, tools);
  const { ca, token, identity } = access;
  const policy = { hosts: [new URL(access.server).host], addresses: allow_addresses, ca };
  const outbound = withRemedy(createOutbound(policy, identity === null ? {} : { identity }));
  return openWeb(access.server, outbound, token === null ? {} : { authorization: `Bearer ${token}` });
}

async function readServiceAccount(folder: string, server: string): Promise<ClusterAccess> {
  try {
    const [token, ca] = await Promise.all(
      ['token', 'ca.crt'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    return { server, ca: ca ?? null, token: (token ?? '').trim(), identity: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CountersignError(
      'invalid_input',
      `the service account in ${folder} cannot be read (${code}): this is no pod, or it mounts no token`,
    );
  }
}

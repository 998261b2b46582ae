import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { CountersignError, invalidInput } from '../../domain/index.ts';
import { type Problem, parseYaml } from '../../lib/index.ts';
import { type Identity, identityProblem } from '../../outbound/index.ts';
import type { SourceTools } from '../secret.ts';
import type { ClusterAccess } from './cluster-access.ts';

const Text = z.string().min(1).optional();
const Cluster = z.looseObject({
  server: z.url({ protocol: /^https$/, error: 'expected an https:// URL' }),
  'certificate-authority': Text,
  'certificate-authority-data': z.base64().optional(),
});
const User = z.looseObject({
  token: Text,
  tokenFile: Text,
  'client-certificate': Text,
  'client-certificate-data': z.base64().optional(),
  'client-key': Text,
  'client-key-data': z.base64().optional(),
});
const Entry = z.looseObject({ name: z.string() });
const Entries = z.array(Entry).default([]);
const Context = z.looseObject({ cluster: z.string(), user: z.string() });
const Kubeconfig = z.looseObject({
  'current-context': z.string().optional(),
  contexts: Entries,
  clusters: Entries,
  users: Entries,
});

/** Keys that would change what is sent or to whom, in ways that are not supported, and what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  exec: 'it runs a program, which is not done here: give the token of a service account',
  'auth-provider': 'it runs a plug-in, which is not done here: give the token of a service account',
  username: 'passwords are no longer taken by clusters: give the token of a service account',
  as: 'acting as somebody else is not done here: give an account with the right to list',
  'insecure-skip-tls-verify': 'whoever is in between could show anything: give certificate-authority',
  'proxy-url': 'it is not supported',
  'tls-server-name': 'it is not supported',
};

/**
 * Reads how a cluster is reached from a kubeconfig, as it is now.
 * @throws CountersignError `invalid_input` with every problem; none holds a value of the file
 */
export async function readKubeconfig(
  path: string,
  context: string | undefined,
  { pathOf }: SourceTools,
): Promise<ClusterAccess> {
  const file = pathOf(path);
  const text = await readText(file);
  const yaml = parseYaml({ file, text }, z.unknown());
  if (!yaml.ok)
    throw invalidInput(
      file,
      yaml.problems.map(({ where }) => ({ where, message: 'is no YAML that is taken' })),
    );
  const config = checked(file, 'kubeconfig', Kubeconfig, yaml.value);
  const chosen = context ?? config['current-context'] ?? '';
  const names = checked(file, `context ${chosen}`, Context, find(config.contexts, 'context', chosen));
  const cluster = checked(
    file,
    `cluster ${names.cluster}`,
    Cluster,
    find(config.clusters, 'cluster', names.cluster),
  );
  const user = checked(file, `user ${names.user}`, User, find(config.users, 'user', names.user));
  const load = loader(dirname(file));
  const [ca, token, certificate, key] = await Promise.all([
    load(cluster['certificate-authority-data'], cluster['certificate-authority']),
    user.token ?? load(undefined, user.tokenFile),
    load(user['client-certificate-data'], user['client-certificate']),
    load(user['client-key-data'], user['client-key']),
  ]);
  if ((certificate === null) !== (key === null))
    throw nothing(file, 'a client certificate and its key go together');
  if (token === null && certificate === null)
    throw nothing(file, `user ${names.user} has neither a token nor a client certificate`);
  return {
    server: cluster.server,
    ca,
    token: token === null ? null : token.trim(),
    identity: certificate === null || key === null ? null : checkedIdentity(file, { certificate, key }),
  };
}

function checkedIdentity(file: string, identity: Identity): Identity {
  const problem = identityProblem(identity);
  if (problem === null) return identity;
  throw nothing(file, `the client ${problem.of} ${problem.message}`);
}

function find(list: readonly z.infer<typeof Entry>[], key: string, name: string): unknown {
  return list.find((entry) => entry.name === name)?.[key];
}

function checked<T>(file: string, what: string, schema: z.ZodType<T>, value: unknown): T {
  const where = `${file}, ${what}`;
  const refused = Object.keys(typeof value === 'object' && value !== null ? value : {}).flatMap(
    (key): Problem[] => {
      const fix = Object.hasOwn(REFUSED, key) ? REFUSED[key] : undefined;
      return fix === undefined ? [] : [{ where, message: `${key}: ${fix}` }];
    },
  );
  if (value === undefined) throw nothing(file, `there is no ${what}`);
  const result = schema.safeParse(value);
  const faults = (result.error?.issues ?? []).map(({ path, message }) => ({
    where,
    message: `${path.map(String).join('.')}: ${message}`,
  }));
  if (refused.length + faults.length > 0 || !result.success)
    throw invalidInput(what, [...refused, ...faults]);
  return result.data;
}

function loader(folder: string) {
  return async (data: string | undefined, path: string | undefined): Promise<string | null> => {
    if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
    return path === undefined ? null : readText(resolve(folder, path));
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw nothing(file, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function nothing(file: string, message: string): CountersignError {
  return new CountersignError('invalid_input', `${file}: ${message}`);
}

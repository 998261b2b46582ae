import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkCacheFolder } from '../../src/compose/check-runner.ts';
import { SIGNERS_OF, SURFACES } from '../../src/compose/surface.ts';
import {
  configuredSecrets,
  loadConfig,
  type ServiceEnvironment,
  serviceEnvironment,
} from '../../src/config/index.ts';
import { SIGNER_NAMES } from '../../src/domain/index.ts';
import { createSources } from '../../src/inventory/index.ts';
import { observed } from '../inventory/look.ts';

interface Service {
  readonly image?: string;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
  readonly group_add?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

const ROOT = join(import.meta.dirname, '..', '..');
const composeFile = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Readonly<Record<string, Service>>;
  networks: Readonly<Record<string, { internal?: boolean }>>;
  secrets: Readonly<Record<string, { file: string }>>;
};
const services = Object.entries(composeFile.services);
const service = (name: string): Service => composeFile.services[name] ?? {};
const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');

/** Sorts as the file does. */
const inFile = (one: string, other: string): number =>
  Object.keys(composeFile.services).indexOf(one) - Object.keys(composeFile.services).indexOf(other);

/** The names of the services that have something. */
const servicesWith = (has: (service: Service) => boolean): string[] =>
  services.filter(([, one]) => has(one)).map(([name]) => name);
const mounting = (volume: string): string[] =>
  servicesWith(({ volumes = [] }) => volumes.some((mount) => mount.startsWith(`${volume}:`)));
const knowing = (secret: string): string[] => servicesWith(({ secrets = [] }) => secrets.includes(secret));

/** A folder under /var/lib/countersign as the image makes it. */
function folderOf(name: string): { mode: number; uid: number; gid: number } {
  const made = new RegExp(
    `install -d -m (\\d+) -o (\\d+) -g (\\d+) [^;]*/var/lib/countersign/${name}(?=[ ;\\n])`,
  ).exec(dockerfile);
  if (made === null) throw new Error(`the image makes no folder ${name}`);
  return { mode: Number.parseInt(made[1] ?? '', 8), uid: Number(made[2]), gid: Number(made[3]) };
}

const scratch = mkdtempSync(join(tmpdir(), 'countersign-compose-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** The configuration folder as the containers see it: every file that is mounted into it. */
function mountedConfiguration(): string {
  const folder = join(scratch, 'etc');
  for (const mount of service('api').volumes ?? []) {
    const [source = '', target = ''] = mount.split(':');
    if (target.startsWith('/etc/countersign/'))
      cpSync(join(ROOT, source), join(folder, basename(target)), { recursive: true });
  }
  return folder;
}

describe('docker-compose.yml', () => {
  it('has one container per surface', () => {
    expect(SURFACES.map((surface) => service(surface).command)).toEqual(SURFACES.map((surface) => [surface]));
  });

  it.each(services)('%s is restarted, cannot change its image and can gain no privilege', (name, one) => {
    expect(one.restart).toBe(name === 'migrate' ? 'no' : 'unless-stopped');
    expect(one.read_only).toBe(true);
    expect(one.cap_drop).toEqual(['ALL']);
    expect(one.security_opt).toContain('no-new-privileges:true');
  });

  it('publishes ports on loopback only, and none of the stores', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports);
    expect(published.length).toBeGreaterThan(0);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(servicesWith(({ ports = [] }) => ports.length > 0)).toEqual([
      ...['api', 'bot', 'monitor'],
      ...['prometheus', 'alertmanager', 'grafana'],
    ]);
  });

  it('runs each surface, and operators’ commands, as an account of its own', () => {
    const accounts = [...SURFACES, 'migrate'].map((name) => service(name).user);
    expect(accounts.every((account) => /^(\d+):\1$/.test(account ?? ''))).toBe(true);
    expect(new Set(accounts).size).toBe(accounts.length);
  });

  it('shares a group between those alone who write the same files', () => {
    const [ledger, blobs] = ['keys/ledger', 'blobs'].map((folder) => String(folderOf(folder).gid));
    expect(servicesWith(({ group_add = [] }) => group_add.includes(ledger ?? ''))).toEqual(['api']);
    expect(servicesWith(({ group_add = [] }) => group_add.includes(blobs ?? ''))).toEqual(['api', 'fetcher']);
  });

  it('gives each signing key to those who sign with it', () => {
    expect(mounting('worker-key')).toEqual(['queue']);
    expect(mounting('approvals-key')).toEqual(['bot']);
    expect(mounting('ledger-key')).toEqual(['api']);
    expect(mounting('monitor-key')).toEqual(['monitor']);
    expect(mounting('fetcher-key')).toEqual(['fetcher']);
    expect(mounting('ledger-copy')).toEqual(['monitor']);
  });

  it('lets each surface write public keys of its own signers alone, and read all', () => {
    const trust = '/var/lib/countersign/trust';
    for (const surface of SURFACES) {
      const mounts = (service(surface).volumes ?? []).filter(
        (mount) => mount.includes(`:${trust}`) && !mount.startsWith('trust-fetcher:'),
      );
      const expected = SIGNER_NAMES.map((name) => {
        const isOwn = SIGNERS_OF[surface].includes(name);
        return `trust-${name}:${trust}/${name}${isOwn ? '' : ':ro'}`;
      });
      expect(mounts.sort()).toEqual(expected.sort());
    }
    expect(dockerfile).toContain(`install -d -m 755 ${trust};`);
  });

  it('lets the fetcher alone say by which key its word is known, and the API read it', () => {
    const mount = 'trust-fetcher:/var/lib/countersign/trust/fetcher';
    expect(mounting('trust-fetcher')).toEqual(['api', 'fetcher']);
    expect(service('fetcher').volumes).toContain(mount);
    expect(service('api').volumes).toContain(`${mount}:ro`);
  });

  it('gives each secret to those who need it', () => {
    expect(knowing('slack_app_token')).toEqual(['bot']);
    expect(knowing('slack_signing_secret')).toEqual(['bot']);
    expect(knowing('slack_bot_token')).toEqual(['bot', 'monitor']);
    expect(knowing('database_url')).toEqual(['migrate']);
    for (const surface of SURFACES) {
      expect(knowing(`database_url_${surface}`)).toEqual([surface]);
      expect(knowing(`password_${surface}`)).toEqual(['postgres']);
    }
    expect(knowing('postgres_password')).toEqual(['postgres']);
  });

  it('hands out secrets as files, each one that the container has', () => {
    for (const surface of SURFACES) {
      const { environment = {}, secrets = [] } = service(surface);
      const files = Object.entries(environment).filter(([name]) => name.endsWith('_FILE'));
      expect(files.map(([, file]) => basename(file)).sort()).toEqual([...secrets].sort());
      expect(
        Object.keys(environment).filter((name) => /TOKEN$|SECRET$|PASSWORD$|^DATABASE_URL$/.test(name)),
      ).toEqual([]);
    }
  });

  it('starts what watches the monitor on demand alone, from files that are there, at a pinned version', () => {
    const watchers = servicesWith(({ profiles = [] }) => profiles.includes('monitoring'));
    expect(watchers).toEqual(['prometheus', 'alertmanager', 'grafana']);
    for (const { image, networks, volumes = [] } of watchers.map(service)) {
      expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
      expect(networks).toEqual(['outside']);
      const files = volumes.map((mount) => mount.split(':')[0] ?? '').filter((path) => path.startsWith('./'));
      for (const file of files) expect(existsSync(join(ROOT, file)), file).toBe(true);
    }
    expect(knowing('grafana_password')).toEqual(['grafana']);
  });

  it('keeps what runs hostile models apart: own account, no way out, evidence read-only', () => {
    const { user, networks = [], volumes = [] } = service('queue');
    expect(servicesWith((one) => one.user === user)).toEqual(['queue']);
    expect(networks.map((name) => composeFile.networks[name]?.internal)).toEqual([true]);
    expect(volumes).toContain('blobs:/var/lib/countersign/blobs:ro');
  });
});

/** The environment of a surface, with the given texts in the files of its secrets. */
function environmentOf(surface: string, secrets: Readonly<Record<string, string>>): ServiceEnvironment {
  const folder = mkdtempSync(join(scratch, 'secrets-'));
  const variables = Object.entries(service(surface).environment ?? {}).map(([name, value]) => {
    if (!name.endsWith('_FILE')) return [name, value];
    const file = join(folder, basename(value));
    writeFileSync(file, secrets[basename(value)] ?? '');
    return [name, file];
  });
  return serviceEnvironment(Object.fromEntries(variables));
}

describe('what a surface writes to', () => {
  const options = (mount: string) => mount.split(':')[1]?.split(',') ?? [];

  it.each(SURFACES)('%s has memory for temporary files', (surface) => {
    const mounts = service(surface).tmpfs ?? [];
    expect(mounts.filter((mount) => mount.startsWith('/tmp:')).map(options)).toEqual([
      expect.arrayContaining(['mode=1777', 'nosuid', 'nodev']),
    ]);
  });

  it('is memory of its own for the code that the worker compiles, where the worker looks for it', async () => {
    const config = await loadConfig(join(mountedConfiguration(), 'countersign.yaml'), serviceEnvironment({}));
    const mounts = (service('queue').tmpfs ?? []).filter((mount) =>
      checkCacheFolder(config).startsWith(`${mount.split(':')[0]}/`),
    );
    const [uid, gid] = service('queue').user?.split(':') ?? [];
    expect(mounts.map(options)).toEqual([expect.arrayContaining([`uid=${uid}`, `gid=${gid}`, 'mode=0700'])]);
  });
});

describe('the containers’ configuration', () => {
  it('is one that the service accepts', async () => {
    const config = await loadConfig(join(mountedConfiguration(), 'countersign.yaml'), serviceEnvironment({}));
    expect(config.pipelines).toHaveLength(1);
    expect(config.listen).toEqual({ host: '0.0.0.0', port: 8484 });
    const roles = new Set(config.people.flatMap((person) => person.roles.map(({ role }) => role)));
    expect([...roles].sort()).toEqual(['compliance_officer', 'ml_lead']);
  });

  it('reaches Slack from the containers that speak to it, and from no other', async () => {
    const file = join(mountedConfiguration(), 'countersign.yaml');
    const secrets = {
      ...Object.fromEntries(SURFACES.map((surface) => [`database_url_${surface}`, 'postgres://somewhere'])),
      slack_bot_token: 'xoxb-1',
      slack_app_token: 'xapp-1',
    };
    for (const surface of SURFACES) {
      const config = await loadConfig(file, environmentOf(surface, secrets));
      expect(config.databaseUrl).toBe('postgres://somewhere');
      expect(config.redisUrl).toBe('redis://redis:6379/0');
      expect(config.slack?.botToken).toBe(['bot', 'monitor'].includes(surface) ? 'xoxb-1' : undefined);
      expect(config.slack?.transport?.kind).toBe(surface === 'bot' ? 'socket' : undefined);
    }
  });

  it('runs without Slack while the tokens’ files are empty', async () => {
    const config = await loadConfig(
      join(mountedConfiguration(), 'countersign.yaml'),
      environmentOf('bot', {}),
    );
    expect(config.slack).toBeNull();
    expect(config.botAbsence).toContain('SLACK_BOT_TOKEN');
  });

  it('believes a signed trust policy alone, from a folder that no container writes to', async () => {
    const folder = mountedConfiguration();
    const { trustPolicy } = await loadConfig(join(folder, 'countersign.yaml'), serviceEnvironment({}));
    expect(trustPolicy).toEqual({
      file: join(folder, 'policy', 'trust-policy.yaml'),
      key: join(folder, 'policy', 'policy.pub.pem'),
    });
    const mount = './deploy/compose/policy:/etc/countersign/policy:ro';
    expect(servicesWith(({ volumes = [] }) => volumes.includes(mount))).toEqual(
      [...SURFACES, 'migrate'].sort(inFile),
    );
  });

  it('has a list of deployments that the monitor can read', async () => {
    const config = await loadConfig(join(mountedConfiguration(), 'countersign.yaml'), serviceEnvironment({}));
    const sources = createSources(config.monitor.sources, configuredSecrets(config.file));
    expect(sources).toHaveLength(1);
    await expect(Promise.all(sources.map(observed))).resolves.toEqual([[]]);
  });

  it.each(SURFACES)('lets %s write where it keeps data: as the owner, or in its group', (surface) => {
    const { user = '', group_add: groups = [], volumes = [] } = service(surface);
    for (const mount of volumes) {
      const [, target = '', mode] = mount.split(':');
      if (mode === 'ro' || target.startsWith('/etc/')) continue;
      const folder = folderOf(target.replace('/var/lib/countersign/', ''));
      const isMember = groups.includes(String(folder.gid));
      if (isMember) expect(folder.mode & 0o2070).toBe(0o2070);
      else expect(`${folder.uid}:${folder.gid}`).toBe(user);
    }
  });

  it('keeps each key from everybody who does not sign with it', () => {
    for (const signer of ['worker', 'approvals', 'ledger', 'monitor', 'fetcher'])
      expect(folderOf(`keys/${signer}`).mode & 0o007).toBe(0);
  });
});

describe('make-secrets', () => {
  const folder = join(scratch, 'compose');
  const made = join(folder, 'secrets');
  const run = (): string =>
    execFileSync(join(folder, 'make-secrets'), { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
  const read = (name: string): string => readFileSync(join(made, name), 'utf8');

  it('makes every secret that is mounted, in a folder of ours alone', () => {
    cpSync(join(ROOT, 'deploy', 'compose', 'make-secrets'), join(folder, 'make-secrets'));
    expect(run()).toContain(made);
    const mounted = Object.values(composeFile.secrets).map(({ file }) => basename(file));
    expect(readdirSync(made).sort()).toEqual(mounted.sort());
    expect(statSync(made).mode & 0o777).toBe(0o700);
    expect(read('postgres_password')).toMatch(/^[0-9a-f]{48}$/);
    expect(read('database_url')).toBe(
      `postgres://countersign:${read('postgres_password')}@postgres:5432/countersign`,
    );
    expect(read('slack_bot_token')).toBe('');
  });

  it('keeps what is there', () => {
    const before = read('postgres_password');
    run();
    expect(read('postgres_password')).toBe(before);
  });
});

describe('the image', () => {
  it('runs the built service as an account without privileges', () => {
    expect(dockerfile).toMatch(/^USER 10001:10001$/m);
    expect(dockerfile).toContain('umask 0002; exec node --enable-source-maps dist/main.js');
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  });
});

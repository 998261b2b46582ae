import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkNames } from '../../src/checks/index.ts';
import { loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import { SOURCE_TYPES, sourceProblems } from '../../src/inventory/index.ts';
import { BOT_SCOPES } from '../../src/notify/index.ts';
import { temporaryFolder } from '../checks/support/workspace.ts';
import { runHere } from './run-here.ts';

const FILES = ['countersign.yaml', 'governance-pipeline.yaml', 'slack-app-manifest.json'];

describe('countersign init', () => {
  it('writes files that the service takes as they are, with every check in the pipeline', async () => {
    const folder = join(await temporaryFolder(), 'governance');
    const { status, stdout } = await runHere(['init', folder]);
    expect(status).toBe(0);
    expect(await readdir(folder)).toEqual(FILES);
    expect(stdout).toContain(`countersign doctor --config ${folder}/countersign.yaml`);
    const config = await loadConfig(join(folder, 'countersign.yaml'), serviceEnvironment({}));
    const stages = config.pipelines[0]?.pipeline.stages ?? [];
    const checks = stages.flatMap((stage) => (stage.kind === 'checks' ? stage.checks : []));
    expect(checks.map(({ name }) => name)).toEqual(checkNames());
    expect(stages.at(-1)).toMatchObject({ kind: 'approval', roles: ['ml_lead', 'compliance_officer'] });
  });

  it('has examples behind its comments that the service takes too', async () => {
    const folder = await temporaryFolder();
    await runHere(['init', folder]);
    const file = join(folder, 'countersign.yaml');
    const text = (await readFile(file, 'utf8'))
      .replace('people: []\n', '')
      .replace('  sources: []\n', '')
      .replaceAll(
        /^( *)# ((?: {2})*)(people:|alerts:|receivers:|routes:|escalation:|slack:|sources:|- |name:|roles:|slack:|git:|ci:|team:|app_id:|approval_channel:|alert_channel:|public_url:)/gm,
        '$1$2$3',
      );
    await writeFile(file, text);
    const config = await loadConfig(file, serviceEnvironment({ SLACK_BOT_TOKEN: 'xoxb-1' }));
    expect(config.directory.map(({ id }) => id)).toEqual(['mira', 'dana']);
    expect(config.slack).toMatchObject({ team: 'T0123456789', approvalChannel: 'C0123456789' });
    const { sources } = config.monitor;
    expect(sourceProblems(sources)).toEqual([]);
    expect(new Set(sources.map(({ type }) => type))).toEqual(new Set(Object.keys(SOURCE_TYPES)));
    expect(config.publicUrl).toBe('https://countersign.example.com');
  });

  it('touches nothing that is there, and then writes nothing at all', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'countersign.yaml'), 'mine');
    const { status, stderr } = await runHere(['init', folder]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('it is there already, and nothing was written'),
    ]);
    expect(await readdir(folder)).toEqual(['countersign.yaml']);
    expect(await readFile(join(folder, 'countersign.yaml'), 'utf8')).toBe('mine');
  });

  it('leaves nothing half done where it cannot write', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'sub/file'), '');
    const { status, stderr } = await runHere(['init', join(folder, 'sub/file')]);
    expect([status, stderr]).toEqual([2, expect.stringContaining('nothing was written')]);
  });

  it('prints the manifest of what the code uses, for either way in which Slack reaches it', async () => {
    const socket = JSON.parse((await runHere(['init', '--print-manifest', '--name', 'Gate'])).stdout);
    expect(socket).toMatchObject({
      display_information: { name: 'Gate' },
      oauth_config: { scopes: { bot: BOT_SCOPES } },
      settings: { socket_mode_enabled: true },
    });
    const http = JSON.parse(
      (await runHere(['init', '--print-manifest', '--url', 'https://countersign.example.com'])).stdout,
    );
    expect(http.settings).toMatchObject({
      socket_mode_enabled: false,
      interactivity: { request_url: 'https://countersign.example.com/slack/events' },
    });
  });

  it('names everything that is wrong with the wish', async () => {
    const { status, stderr } = await runHere([
      'init',
      '--name',
      'x'.repeat(36),
      '--url',
      'http://example.com',
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain('--name');
    expect(stderr).toContain('--url');
  });
});

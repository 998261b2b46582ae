import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { newCommand, runs } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { CONFIGURATION } from '../init/configuration.ts';
import { manifestText } from '../init/manifest.ts';
import { PIPELINE } from '../init/pipeline.ts';
import { writeNew } from '../init/write-new.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly name?: string;
  readonly url?: string;
  readonly printManifest?: true;
}

/** `countersign init [folder]`. */
export function initCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'init',
    summary: 'write a configuration, a pipeline and a Slack manifest to start from',
    description:
      'Writes countersign.yaml, governance-pipeline.yaml and slack-app-manifest.json, each with comments or ready to use. Files that are there are never touched. The manifest asks Slack for exactly what this release uses: for Socket Mode, in which nothing need reach the service, or with --url for HTTP.',
    examples: [
      'init',
      'init governance --url https://countersign.example.com',
      'init --print-manifest --name Countersign > slack-app-manifest.json',
    ],
    statuses: { 0: 'written', 2: 'error, and nothing was written' },
  })
    .argument('[folder]', 'where to write (default: here)')
    .option('--name <name>', 'what the Slack app is called', 'Countersign')
    .option('--url <url>', 'the https address at which Slack reaches the service; without it, Socket Mode')
    .option('--print-manifest', 'print the manifest and write nothing');
  return runs<Options>(command, cli, async ({ name = '', url = null, printManifest }, [folder = '.']) => {
    const manifest = manifestText({ name, url });
    if (printManifest) cli.terminal.out(manifest.trimEnd());
    else await write(cli.terminal, folder, manifest, url === null);
    return EXIT.ok;
  });
}

async function write(terminal: Terminal, folder: string, manifest: string, socket: boolean): Promise<void> {
  const files = new Map([
    ['countersign.yaml', CONFIGURATION],
    ['governance-pipeline.yaml', PIPELINE],
    ['slack-app-manifest.json', manifest],
  ]);
  await writeNew(resolve(folder), files);
  for (const name of files.keys()) terminal.out(`wrote ${join(folder, name)}`);
  terminal.out(['', ...nextSteps(folder, socket)].join('\n'));
}

function nextSteps(folder: string, socket: boolean): string[] {
  const config = folder === '.' ? '' : ` --config ${join(folder, 'countersign.yaml')}`;
  const token = socket
    ? 'an app-level token with connections:write (SLACK_APP_TOKEN)'
    : 'the signing secret (SLACK_SIGNING_SECRET)';
  return [
    'Next:',
    '  1. Create the Slack app at https://api.slack.com/apps from slack-app-manifest.json and install it; take the',
    `     bot token (SLACK_BOT_TOKEN) and ${token}.`,
    '  2. Fill in people: and slack: in countersign.yaml, and invite the app to the channels.',
    `  3. countersign doctor${config}`,
  ];
}

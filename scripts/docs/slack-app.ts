import { METHOD_SCOPES } from '../../src/notify/slack/calls.ts';
import { appManifest } from '../../src/notify/slack/manifest.ts';
import { code, fenced, page, table } from './markdown.ts';

const NAME = 'Countersign';
const REQUEST_URL = 'https://countersign.example.com/slack/events';

/** The page with the app's manifests, as the code makes them. */
export function slackAppPage(): string {
  return page(
    '# Slack app manifests',
    'Paste one of these at api.slack.com/apps, *Create New App*, *From a manifest*. Setting the app up is described in [operations](../operations.md#slack).',
    '## Socket Mode',
    'The bot connects out to Slack; nothing needs to reach it.',
    manifest(null),
    '## HTTP',
    `Slack calls the bot. Put your own host in place of \`${new URL(REQUEST_URL).host}\`; the path is fixed.`,
    manifest(REQUEST_URL),
    '## Why these scopes',
    'Besides `commands`, each belongs to a method that is called:',
    table(
      ['method', 'bot scopes'],
      Object.entries(METHOD_SCOPES).map(([method, scopes]) => [
        code(method),
        scopes.map((scope) => code(scope)).join(' ') || 'none',
      ]),
    ),
  );
}

function manifest(requestUrl: string | null): string {
  return fenced('json', JSON.stringify(appManifest({ name: NAME, requestUrl }), null, 2));
}

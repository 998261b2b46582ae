import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiPage } from './api.ts';
import { checksPage } from './checks.ts';
import { cliPage } from './cli.ts';
import { configurationPage } from './configuration.ts';
import { environmentPage } from './environment.ts';
import { evidencePage } from './evidence.ts';
import { withExamples } from './examples.ts';
import { frameworksPage } from './frameworks.ts';
import { metricsPage } from './metrics.ts';
import { modelContractPage } from './model-contract.ts';
import { pipelinePage } from './pipeline.ts';
import { slackAppPage } from './slack-app.ts';
import { statementsPage } from './statements.ts';
import { webhooksPage } from './webhooks.ts';

/** The generated pages, by file name. Adding one is its file and its line here. */
const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'api.md': apiPage,
  'checks.md': checksPage,
  'cli.md': cliPage,
  'configuration.md': configurationPage,
  'environment.md': environmentPage,
  'evidence.md': evidencePage,
  'frameworks.md': frameworksPage,
  'metrics.md': metricsPage,
  'model-contract.md': modelContractPage,
  'pipeline.md': pipelinePage,
  'slack-app.md': slackAppPage,
  'statements.md': statementsPage,
  'webhooks.md': webhooksPage,
};

const NOTICE = '<!-- Made from the code by `npm run docs`. Do not edit. -->\n\n';

/** The folder of everything that is made; the paths of pages are relative to it. */
export const DOCS = join(import.meta.dirname, '../../docs');

/** Every page of docs/reference, by file name. The same code gives the same bytes. */
export async function renderReference(): Promise<ReadonlyMap<string, string>> {
  const rendered = Object.entries(PAGES).map(
    async ([file, render]) => [file, NOTICE + (await render())] as const,
  );
  return new Map(await Promise.all(rendered));
}

/** Every page that is made, wholly or in part, by its path below docs. */
export async function renderPages(): Promise<ReadonlyMap<string, string>> {
  const [reference, statements] = await Promise.all([
    renderReference(),
    readFile(join(DOCS, 'statements.md'), 'utf8').then(withExamples),
  ]);
  const paths = [...reference].map(([file, text]) => [`reference/${file}`, text] as const);
  return new Map([...paths, ['statements.md', statements]]);
}

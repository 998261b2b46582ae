import type { Sample } from './samples.ts';

const KINDS = [
  ['message', 'Messages'],
  ['modal', 'Modals'],
  ['home', 'App Home'],
] as const;

/** The page of the documentation that shows the pictures. */
export function pageOf(
  samples: readonly Sample[],
  pages: readonly string[],
  screens: readonly string[],
): string {
  const parts = KINDS.flatMap(([kind, heading]) => {
    const own = samples.filter((sample) => sample.kind === kind);
    return own.length === 0 ? [] : [`## ${heading}`, ...own.map((sample) => section(sample, screens))];
  });
  const names = [...new Set(pages.map((file) => file.replace(/-[a-z]+\.png$/, '')))];
  const opened = names.map((name) => section({ name }, screens));
  return `${[INTRODUCTION, ...parts, PAGES, ...opened].join('\n\n')}\n`;
}

const INTRODUCTION = `# What Countersign shows in Slack

Every card, modal and reply as the stand-in workspace of the demo renders it, on a phone (375 pixels) and on a desktop.
\`npm run pictures\` makes this page and its pictures from the files that the tests hold the cards to
(\`test/notify/golden\`).`;

const PAGES = `## Pages behind the links

What a link to a run opens in a browser, at 390 and at 1280 pixels.`;

function section({ name }: Pick<Sample, 'name'>, screens: readonly string[]): string {
  const title = name.replaceAll('-', ' ');
  const head = `| ${screens.join(' | ')} |\n| ${screens.map(() => '---').join(' | ')} |`;
  const row = screens.map((screen) => `![${title}, ${screen}](pictures/${name}-${screen}.png)`);
  return `### ${title.charAt(0).toUpperCase()}${title.slice(1)}\n\n${head}\n| ${row.join(' | ')} |`;
}

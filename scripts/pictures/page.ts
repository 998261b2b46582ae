import type { Sample } from './samples.ts';

const KINDS = [
  ['message', 'Messages'],
  ['modal', 'Modals'],
  ['home', 'App Home'],
] as const;

/** The page of the documentation that shows the pictures. */
export function pageOf(samples: readonly Sample[], screens: readonly string[]): string {
  const parts = KINDS.flatMap(([kind, heading]) => {
    const own = samples.filter((sample) => sample.kind === kind);
    return own.length === 0 ? [] : [`## ${heading}`, ...own.map((sample) => section(sample, screens))];
  });
  return `${[INTRODUCTION, ...parts].join('\n\n')}\n`;
}

const INTRODUCTION = `# What Countersign shows in Slack

Every card, modal and reply as the stand-in workspace of the demo renders it, on a phone (375 pixels) and on a desktop.
\`npm run pictures\` makes this page and its pictures from the files that the tests hold the cards to
(\`test/notify/golden\`).`;

function section({ name }: Sample, screens: readonly string[]): string {
  const title = name.replaceAll('-', ' ');
  const head = `| ${screens.join(' | ')} |\n| ${screens.map(() => '---').join(' | ')} |`;
  const row = screens.map((screen) => `![${title}, ${screen}](pictures/${name}-${screen}.png)`);
  return `### ${title.charAt(0).toUpperCase()}${title.slice(1)}\n\n${head}\n| ${row.join(' | ')} |`;
}

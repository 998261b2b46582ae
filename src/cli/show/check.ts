import { stripVTControlCharacters } from 'node:util';
import type { CheckDescription } from '../check-tools.ts';
import type { Terminal } from '../terminal.ts';

/** Tells everything about a check, section by section. */
export function showCheck(terminal: Terminal, check: CheckDescription): void {
  const { out, paint } = terminal;
  out(`${paint.bold(check.name)} ${check.version} ${paint.dim(`(stage ${check.stage})`)}`);
  section(terminal, 'A pass proves', [check.proves]);
  section(terminal, 'It does not prove', [check.doesNotProve]);
  section(terminal, 'Evidence', evidenceLines(check, paint));
  section(terminal, 'Parameters', parameterLines(check, paint));
  if (check.scripts.length > 0)
    section(
      terminal,
      'Scripts',
      check.scripts.map(({ file, digest, formats }) => `${file} ${digest}${formatsText(formats)}`),
    );
  section(
    terminal,
    'Evidence for',
    check.frameworks.map(({ title, references }) => `${title}: ${references.join(', ')}`),
  );
  section(
    terminal,
    'Known cases',
    check.cases.map(
      ({ name, expect, shows }) => `${name} (${expect})${shows === '' ? '' : `: ${plain(shows)}`}`,
    ),
  );
}

function section({ out, paint }: Terminal, title: string, lines: readonly string[]): void {
  out('');
  out(paint.bold(title));
  for (const line of lines.length === 0 ? ['none'] : lines) out(`  ${line}`);
}

function formatsText(formats: readonly string[]): string {
  return formats.length === 0 ? '' : ` (for ${formats.join(', ')})`;
}

function evidenceLines({ evidence, readsArtifact }: CheckDescription, paint: Terminal['paint']): string[] {
  const files = evidence.map(
    ({ name, required, description }) =>
      `${name} ${paint.dim(required ? '(required)' : '(optional)')}: ${description}`,
  );
  return [...(readsArtifact ? ["the artifact's bytes"] : []), ...files];
}

function parameterLines({ parameters }: CheckDescription, paint: Terminal['paint']): string[] {
  return parameters.flatMap(({ path, type, fallback, meaning }) => [
    `${path}: ${plain(type)}${paint.dim(fallbackText(fallback))}`,
    ...(meaning === '' ? [] : [`  ${meaning}`]),
  ]);
}

function fallbackText(fallback: string): string {
  if (fallback === '') return ' (optional)';
  return fallback === 'required' ? ' (required)' : ` (default ${fallback})`;
}

/** Without the backticks that documentation sets literal values in. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll('`', '');
}

import { html } from 'hono/html';
import type { CheckResult, Measurement } from '../../domain/index.ts';
import type { StageProgress } from '../../services/index.ts';
import type { Html } from './page.ts';
import { inWords, mark, spaced } from './words.ts';

/** What each stage's checks found, with their numbers; what did not pass stands open. */
export function stagesSection(stages: readonly StageProgress[]): Html {
  return html`<section aria-labelledby="stages">
<h2 id="stages">Stages and checks</h2>
${stages.map(stageItem)}
</section>`;
}

function stageItem({ name, state, results }: StageProgress): Html {
  const passed = results.filter(({ outcome }) => outcome === 'passed').length;
  const count = results.length === 0 ? '' : `, ${passed} of ${results.length} checks passed`;
  const heading = html`<h3>${inWords(name)}</h3> ${mark(state)}${count}`;
  if (results.length === 0) return html`<div class="stage">${heading}</div>`;
  const title = html`<summary>${heading}</summary>`;
  const checks = results.map(checkItem);
  return state === 'passed'
    ? html`<details>${title}${checks}</details>`
    : html`<details open>${title}${checks}</details>`;
}

function checkItem({ check, version, outcome, message, problems, measurements }: CheckResult): Html {
  return html`<div class="check">
<p><strong>${inWords(check)}</strong> ${mark(outcome)} <span class="quiet">version ${version}</span></p>
<p>${message}</p>
${problems.length === 0 ? '' : html`<ul>${problems.map(problemItem)}</ul>`}
${measurements.length === 0 ? '' : numbers(measurements)}
</div>`;
}

function problemItem({ where, message, remedy }: CheckResult['problems'][number]): Html {
  return html`<li><code>${where}</code>: ${message}${remedy === undefined ? '' : html`<br><strong>To resolve:</strong> ${remedy}`}</li>`;
}

const NUMBERS_SHOWN = 6;

/** Where there are many, only for those who ask. */
function numbers(measurements: readonly Measurement[]): Html {
  const rows = measurements.map(
    ({ name, value, unit }) =>
      html`<tr><th scope="row">${spaced(name)}</th><td>${amount(value, unit)}</td></tr>`,
  );
  const table = html`<table><tbody>${rows}</tbody></table>`;
  return rows.length <= NUMBERS_SHOWN
    ? table
    : html`<details><summary>${rows.length} numbers</summary>${table}</details>`;
}

/** Six digits, and the unit only where the number does not say it. */
function amount(value: number, unit: string): string {
  const shown = String(Number(value.toPrecision(6)));
  if (unit === 'percent') return `${shown} %`;
  return ['ratio', 'count', '1'].includes(unit) ? shown : `${shown} ${unit}`;
}

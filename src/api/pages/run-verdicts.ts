import { html } from 'hono/html';
import type { Reason, Verdict } from '../../domain/index.ts';
import type { Html } from './page.ts';
import { mark, spaced, time } from './words.ts';

/** What the run's artifact amounts to in each environment, why, and how that is resolved. */
export function verdictsSection(verdicts: readonly Verdict[]): Html {
  return html`<section aria-labelledby="verdict">
<h2 id="verdict">Verdict</h2>
<ul class="plain">${verdicts.map(verdictItem)}</ul>
</section>`;
}

function verdictItem(verdict: Verdict): Html {
  const { environment, status, allowed, reasons, notes, basis, override, asOf } = verdict;
  const until = override?.until ?? basis?.validUntil ?? null;
  return html`<li>
<strong>${environment}</strong>: ${mark(status)}. It may ${allowed ? '' : html`<strong>not</strong> `}serve traffic there${
    allowed && until !== null ? html` until ${time(until)}` : ''
  }.
${reasonList(reasons)}
${notes.length === 0 ? '' : html`<details><summary>Set aside on the way (${notes.length})</summary>${reasonList(notes)}</details>`}
${asOf === null ? '' : html`<p class="quiet">As the ledger stood ${time(asOf)}.</p>`}
</li>`;
}

function reasonList(reasons: readonly Reason[]): Html | string {
  if (reasons.length === 0) return '';
  return html`<ul>${reasons.map(
    ({ code, message, resolve }) =>
      html`<li>${message} <span class="quiet">(${spaced(code)})</span><br><strong>To resolve:</strong> ${resolve}</li>`,
  )}</ul>`;
}

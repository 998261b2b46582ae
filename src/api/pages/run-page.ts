import { html } from 'hono/html';
import { modelName, type Verdict } from '../../domain/index.ts';
import type { RunDescription } from '../../services/index.ts';
import { type Html, page, policyOf } from './page.ts';
import { approvalSection, type NameOf } from './run-approval.ts';
import { stagesSection } from './run-stages.ts';
import { RUN_STYLE } from './run-style.ts';
import { verdictsSection } from './run-verdicts.ts';
import { fact, mark, spaced, time, wholeDigest } from './words.ts';

/** The policy of the pages about a run. */
export const RUN_PAGE_POLICY = policyOf(RUN_STYLE);

/** A run with the verdict on its artifact in every environment. */
export interface ShownRun extends Omit<RunDescription, 'verdict'> {
  readonly verdicts: readonly Verdict[];
  readonly nameOf: NameOf;
}

/** The page of a run: what people decide by, and what became of it. Everything in it is escaped. */
export function runPage({ run, stages, approval, verdicts, nameOf }: ShownRun): Html {
  const name = modelName(run);
  const body = html`<main>
<header>
<p class="eyebrow">Countersign · governance of</p>
<h1>${name}</h1>
<p>${mark(run.state)}${run.riskTier === null ? '' : ` · ${spaced(run.riskTier)}`}</p>
<p>${wholeDigest(run.artifact.digest)}</p>
</header>
${run.failure === null ? '' : html`<section role="status"><strong>Why it failed:</strong> ${run.failure}</section>`}
${verdictsSection(verdicts)}
${approvalSection(approval, nameOf)}
${stagesSection(stages)}
${evidenceSection(run)}
${factsSection(run, nameOf)}
</main>`;
  return page({ title: `${name}: governance`, style: RUN_STYLE, body });
}

/** The page in place of a run's, for whoever has no link that opens it. */
export function closedPage(why: 'expired' | 'invalid'): Html {
  const body = html`<main>
<header><p class="eyebrow">Countersign</p><h1>This link opens nothing ${why === 'expired' ? 'any more' : ''}</h1></header>
<section>
<p>${why === 'expired' ? 'Links to runs are good for a time only, and the time of this one is over.' : 'The address is not whole, or was never made by Countersign.'}</p>
<p>For a new one, ask in Slack: <code class="whole">/governance status &lt;model&gt;</code></p>
</section>
</main>`;
  return page({ title: 'Countersign: no page here', style: RUN_STYLE, body });
}

type Run = RunDescription['run'];

function evidenceSection({ id, evidence }: Run): Html {
  const items = evidence.map(
    ({ name, digest }) =>
      html`<dt id="evidence-${name}"><code>${name}</code></dt><dd>${wholeDigest(digest)}</dd>`,
  );
  return html`<section aria-labelledby="evidence">
<h2 id="evidence">Evidence</h2>
<dl>${items}</dl>
<p class="quiet">The bytes, with a token that may read: <code>GET /api/v1/runs/${id}/evidence/&lt;name&gt;</code></p>
</section>`;
}

function factsSection(run: Run, nameOf: NameOf): Html {
  const { submitter, authors, ciUrl, finishedAt } = run;
  const named = ({ subject, person }: Run['submitter']) =>
    person === null ? subject : `${nameOf(person)} (${subject})`;
  return html`<section aria-labelledby="facts">
<h2 id="facts">The run</h2>
<dl>
${fact('Pipeline', wholeDigest(run.pipeline))}
${fact('Run', html`<code class="whole">${run.id}</code>, attempt ${run.attempt}`)}
${fact('Submitted', html`${time(run.submittedAt)} by ${named(submitter)}`)}
${fact('Made by', authors.length === 0 ? null : authors.map(named).join(', '))}
${fact('Finished', finishedAt === null ? null : time(finishedAt))}
${fact('CI', ciUrl === null ? null : html`<a href="${ciUrl}" rel="noreferrer nofollow">${ciUrl}</a>`)}
</dl>
</section>`;
}

import { html } from 'hono/html';
import type { OpenRole } from '../../domain/index.ts';
import type { ApprovalStatus } from '../../services/index.ts';
import type { Html } from './page.ts';
import { fact, mark, spaced, time } from './words.ts';

/** Names a person; decoration only. */
export type NameOf = (person: string) => string;

/** Who was asked, who decided what, and who is still needed. */
export function approvalSection(approval: ApprovalStatus | null, nameOf: NameOf): Html {
  return html`<section aria-labelledby="approval">
<h2 id="approval">Approval</h2>
${approval === null ? html`<p>Nobody was asked: no stage of the run has come to that.</p>` : approvalParts(approval, nameOf)}
</section>`;
}

function approvalParts({ state, request, decisions, openRoles }: ApprovalStatus, nameOf: NameOf): Html {
  const { roles, dueAt, expiresAt, excluded } = request.view;
  const isOpen = state === 'pending';
  return html`<dl>
${fact('State', mark(state))}
${fact('Asked of', roles.map(spaced).join(', '))}
${fact('Answer due', isOpen ? time(dueAt) : null)}
${fact('Lapses', isOpen ? time(expiresAt) : null)}
${fact('May not decide', excluded.length === 0 ? null : excluded.map(nameOf).join(', '))}
</dl>
<ul class="plain">
${decisions.map((decision) => decisionItem(decision, nameOf))}
${openRoles.map((open) => html`<li>${mark('pending')} <strong>${spaced(open.role)}</strong>: ${whoCould(open, nameOf)}</li>`)}
</ul>`;
}

function decisionItem(
  { person, roles, decision, decidedAt, onBehalfOf, reason }: ApprovalStatus['decisions'][number],
  nameOf: NameOf,
): Html {
  const inPlace = onBehalfOf === undefined ? '' : ` on behalf of ${nameOf(onBehalfOf.person)}`;
  return html`<li>${mark(decision)} by <strong>${nameOf(person)}</strong>${inPlace}, as ${roles.map(spaced).join(' and ')}, ${time(decidedAt)}
${reason === null ? '' : html`<blockquote>${reason}</blockquote>`}</li>`;
}

function whoCould({ people, delegates }: OpenRole, nameOf: NameOf): string {
  const inPlace = delegates.map((one) => `${nameOf(one.person)} on behalf of ${nameOf(one.onBehalfOf)}`);
  return [...people.map(nameOf), ...inPlace].join(', ') || 'nobody who may decide holds this role';
}

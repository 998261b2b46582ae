/** The page's script: sends forms without leaving the page, and shows what changed. Without it the forms work too. */
export const pageScript = `'use strict';
const byId = (id) => document.getElementById(id);
const shown = new Map();
for (const part of document.querySelectorAll('[data-live]')) shown.set(part.id, part.outerHTML);
let asked = false;
let busy = false;
/** The element that was used last on the page itself: where a reader is again when a modal closes. */
let opener = null;

function toEnd() {
  const scroll = byId('scroll');
  scroll.scrollTop = scroll.scrollHeight;
}

function showPart(fresh) {
  const old = byId(fresh.id);
  if (!old || shown.get(fresh.id) === fresh.outerHTML) return;
  shown.set(fresh.id, fresh.outerHTML);
  old.replaceWith(document.importNode(fresh, true));
}

function focusAfter(focused, hadModal) {
  const modal = document.querySelector('.modal');
  if (modal && !modal.contains(document.activeElement)) {
    const kept = focused && byId(focused);
    const first = modal.querySelector('.modal-body input:not([type=hidden]), .modal-body textarea, .modal-body select, #modal-close');
    const target = modal.querySelector('[aria-invalid]') || (kept && modal.contains(kept) ? kept : first);
    if (target) target.focus();
  } else if (!modal && focused && document.activeElement === document.body) {
    const kept = byId(focused);
    const home = hadModal && opener ? byId(opener) || byId('say') : null;
    (kept || home)?.focus();
  }
}

async function refresh() {
  if (busy) { asked = true; return; }
  busy = true;
  asked = false;
  try {
    const answer = await fetch(location.pathname + location.search, { headers: { accept: 'text/html' } });
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const scroll = byId('scroll');
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
    const focused = document.activeElement?.id;
    const hadModal = Boolean(document.querySelector('.modal'));
    for (const part of fresh.querySelectorAll('[data-live]')) showPart(part);
    byId('shell').inert = Boolean(document.querySelector('.modal'));
    if (atEnd) toEnd();
    focusAfter(focused, hadModal);
  } finally {
    busy = false;
    if (asked) refresh();
  }
}

/** Asks what the app wants asked before a click; true where there is nothing to ask, or the answer is yes. */
async function agreed(asking) {
  const template = asking && byId(asking.dataset.confirm);
  if (!template) return true;
  const dialog = byId('confirm');
  dialog.firstElementChild.replaceChildren(template.content.cloneNode(true));
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }));
}

async function send(form, action, body) {
  form.ariaBusy = 'true';
  byId('status').textContent = 'Sending';
  try {
    const answer = await fetch(action, { method: 'POST', body, headers: { accept: 'application/json' } });
    const result = await answer.json();
    const problem = result.problem || Object.values(result.fields)[0];
    byId('status').textContent = problem || 'Done';
    if ('goes' in form.dataset && !problem) location.href = '/?' + new URLSearchParams({ as: body.get('as'), channel: body.get('channel') });
    if (form.classList.contains('composer') && !result.problem) form.reset();
  } catch {
    byId('status').textContent = 'The workspace did not answer';
  } finally {
    form.ariaBusy = 'false';
    await refresh();
    if (form.classList.contains('composer')) toEnd();
  }
}

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (form.method !== 'post') return;
  event.preventDefault();
  if (form.ariaBusy === 'true') return;
  const button = event.submitter;
  if (button?.id && !button.closest('.modal')) opener = button.id;
  const body = new URLSearchParams(new FormData(form, button));
  const action = button?.hasAttribute('formaction') ? button.formAction : form.action;
  if (await agreed(button?.closest('[data-confirm]'))) await send(form, action, body);
});

document.addEventListener('change', async (event) => {
  const field = event.target.closest('[data-dispatch]');
  const form = field?.closest('form');
  if (!form) return;
  const body = new URLSearchParams(new FormData(form));
  body.set('choice', field.dataset.dispatch);
  if (await agreed(field.closest('[data-confirm]'))) await send(form, '/page/click', body);
  else refresh();
});

document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.overflow[open]'))
    if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || byId('confirm').open) return;
  const menu = document.querySelector('details.overflow[open]');
  if (menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
  } else byId('modal-close')?.click();
});

byId('as').addEventListener('change', (event) => event.target.form.submit());
new EventSource('/page/changes').addEventListener('message', refresh);
if (location.hash.startsWith('#m-')) byId(location.hash.slice(1))?.scrollIntoView();
else toEnd();
focusAfter(null, false);
`;

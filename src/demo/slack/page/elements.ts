import { labelOf } from '../buttons.ts';
import { type Input, optionsOf, takesChoice } from '../inputs.ts';
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import { type BlockView, hiddenField, renderText } from './blocks.ts';
import { dispatchOf, heldValue, nameOf, renderInput } from './field.ts';
import { type Html, html, type Part } from './html.ts';

/** A button, menu, picker or boxes of a message, a Home or a modal; each sends what was chosen at once. */
export function renderElement(element: JsonObject, block: JsonObject, view: BlockView): Part {
  if (element['type'] === 'button') return inForm(renderButton(element, block, view), view);
  if (element['type'] === 'overflow') return inForm(renderOverflow(element, block, view), view);
  if (!takesChoice(element)) return html`<span class="b-image">[${String(element['type'])}]</span>`;
  return inForm(renderChoice(element, block, view), view);
}

/** In a modal or a Home everything is in one form already; in a message each element has its own. */
function inForm(inner: Html, view: BlockView): Html {
  if (view.insideForm) return inner;
  const hidden = Object.entries(view.place).map(([name, value]) => hiddenField(name, value));
  return html`<form method="post" action="/page/click">${hidden}${inner}</form>`;
}

function renderButton(element: JsonObject, block: JsonObject, view: BlockView): Html {
  const choice = JSON.stringify({ blockId: block['block_id'], actionId: element['action_id'] });
  const id = idOf(element, block, view);
  const style = ['primary', 'danger'].includes(String(element['style'])) ? String(element['style']) : 'plain';
  const label = stringAt(element, 'accessibility_label');
  const url = stringAt(element, 'url');
  if (url !== undefined && /^https?:/i.test(url))
    return html`<a class="btn ${style}" href="${url}" target="_blank" rel="noopener noreferrer">${renderText(objectAt(element, 'text'), view)}</a>`;
  return html`<button class="btn ${style}" id="${id}" name="choice" value="${choice}" formaction="/page/click" formnovalidate${label !== undefined && html` aria-label="${label}"`}${asks(element, id)}>${renderText({ type: 'plain_text', text: labelOf(element) }, view)}</button>${renderConfirm(element, id, view)}`;
}

function renderOverflow(element: JsonObject, block: JsonObject, view: BlockView): Html {
  const id = idOf(element, block, view);
  const items = optionsOf(element).map((option) => {
    const chosen = { blockId: block['block_id'], actionId: element['action_id'], value: option['value'] };
    const label = renderText(objectAt(option, 'text'), view);
    return html`<li><button class="item" name="choice" value="${JSON.stringify(chosen)}" formaction="/page/click" formnovalidate${asks(element, id)}>${label}</button></li>`;
  });
  return html`<details class="overflow" id="${id}"><summary class="btn plain" aria-label="More actions"><span aria-hidden="true">•••</span></summary><ul>${items}</ul></details>${renderConfirm(element, id, view)}`;
}

function renderChoice(element: JsonObject, block: JsonObject, view: BlockView): Html {
  const blockId = stringAt(block, 'block_id') ?? '';
  const input: Input = { blockId, actionId: String(element['action_id']), element, optional: true };
  const name = nameOf(element, input.actionId);
  const label = stringAt(objectAt(element, 'placeholder') ?? {}, 'text') ?? 'Choose';
  const held = view.source === undefined ? null : heldValue(view.source, input);
  const id = idOf(element, block, view);
  const filled = { id, name, value: held, error: undefined, label, dispatch: dispatchOf(input, name) };
  const send = html`<noscript><button class="btn plain" name="choice" value="${filled.dispatch}" formaction="/page/click">OK</button></noscript>`;
  return html`<span class="choice"${asks(element, id)}>${renderInput(view.directory, input, filled, view.timeZone)}</span>${send}${renderConfirm(element, id, view)}`;
}

function idOf(element: JsonObject, block: JsonObject, view: BlockView): string {
  return `${view.key}-${String(block['block_id'])}-${String(element['action_id'])}`;
}

function asks(element: JsonObject, id: string): Part {
  return objectAt(element, 'confirm') && html` data-confirm="${id}-confirm"`;
}

/** What the page's script shows and asks before it sends the click. */
function renderConfirm(element: JsonObject, id: string, view: BlockView): Part {
  const confirm = objectAt(element, 'confirm');
  if (confirm === undefined) return null;
  const [title, text, yes, no] = ['title', 'text', 'confirm', 'deny'].map((part) => objectAt(confirm, part));
  const style = confirm['style'] === 'danger' ? 'danger' : 'primary';
  return html`<template id="${id}-confirm"><h2 id="confirm-title">${renderText(title, view)}</h2><p>${renderText(text, view)}</p>
<footer><button class="btn plain" value="no">${no === undefined ? 'Cancel' : renderText(no, view)}</button><button class="btn ${style}" value="yes">${yes === undefined ? 'Yes' : renderText(yes, view)}</button></footer></template>`;
}

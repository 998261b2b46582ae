import { labelOf } from '../buttons.ts';
import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from '../json.ts';
import { escapeHtml, type Html, html, type Part, raw } from './html.ts';
import { type Reader, renderMrkdwn, renderPlain } from './mrkdwn.ts';

/** How to render blocks: who reads, and the form that a button sends. */
export interface BlockView extends Reader {
  /** Hidden fields that say which message or modal a button belongs to. */
  readonly place: Readonly<Record<string, string>>;
  /** Starts the HTML ids of this message or modal. */
  readonly key: string;
  /** Whether the form around the blocks sends the buttons (in a modal), or each has its own. */
  readonly insideForm: boolean;
}

/** Blocks as HTML. */
export function renderBlocks(blocks: readonly JsonObject[], view: BlockView): Html {
  return html`<div class="blocks">${blocks.map((block) => renderBlock(block, view))}</div>`;
}

/** A text object as HTML. */
export function renderText(text: JsonObject | undefined, reader: Reader): Html {
  const words = stringAt(text ?? {}, 'text') ?? '';
  return text?.['type'] === 'mrkdwn' ? renderMrkdwn(words, reader) : renderPlain(words);
}

function renderBlock(block: JsonObject, view: BlockView): Part {
  switch (block['type']) {
    case 'header':
      return html`<h3 class="b-header">${renderText(objectAt(block, 'text'), view)}</h3>`;
    case 'divider':
      return html`<hr>`;
    case 'section':
      return renderSection(block, view);
    case 'context':
      return html`<div class="b-context">${objectsAt(block, 'elements').map((one) => renderContext(one, view))}</div>`;
    case 'actions':
      return html`<div class="b-actions">${objectsAt(block, 'elements').map((one) => renderElement(one, block, view))}</div>`;
    case 'image':
      return renderImage(block);
    case 'markdown':
      return html`<div class="b-section">${renderMarkdown(stringAt(block, 'text') ?? '')}</div>`;
    case 'rich_text':
      return html`<div class="b-section">${renderPlain(richText(block))}</div>`;
    default:
      return null;
  }
}

function renderSection(block: JsonObject, view: BlockView): Html {
  const text = objectAt(block, 'text');
  const fields = objectsAt(block, 'fields');
  const accessory = objectAt(block, 'accessory');
  return html`<div class="b-section">
<div class="b-main">${text && html`<div class="b-text">${renderText(text, view)}</div>`}
${fields.length > 0 && html`<div class="b-fields">${fields.map((field) => html`<div>${renderText(field, view)}</div>`)}</div>`}</div>
${accessory && html`<div class="b-accessory">${renderElement(accessory, block, view)}</div>`}</div>`;
}

function renderContext(element: JsonObject, view: BlockView): Html {
  return element['type'] === 'image' ? renderImage(element) : html`<span>${renderText(element, view)}</span>`;
}

/** No picture is loaded: the page talks to nobody but its own server. */
function renderImage(image: JsonObject): Html {
  return html`<span class="b-image">[image: ${stringAt(image, 'alt_text') ?? ''}]</span>`;
}

function renderElement(element: JsonObject, block: JsonObject, view: BlockView): Part {
  if (element['type'] === 'image') return renderImage(element);
  if (element['type'] !== 'button') return html`<span class="b-image">[${String(element['type'])}]</span>`;
  const button = renderButton(element, block, view);
  if (view.insideForm) return button;
  const hidden = Object.entries(view.place).map(([name, value]) => hiddenField(name, value));
  return html`<form method="post" action="/page/click">${hidden}${button}</form>`;
}

function renderButton(element: JsonObject, block: JsonObject, view: BlockView): Html {
  const choice = JSON.stringify({ blockId: block['block_id'], actionId: element['action_id'] });
  const id = `${view.key}-${String(block['block_id'])}-${String(element['action_id'])}`;
  const style = ['primary', 'danger'].includes(String(element['style'])) ? String(element['style']) : 'plain';
  const label = stringAt(element, 'accessibility_label');
  const named = label === undefined ? '' : ` aria-label="${escapeHtml(label)}"`;
  return html`<button class="btn ${style}" id="${id}" name="choice" value="${choice}" formaction="/page/click" formnovalidate${raw(named)}${raw(confirmOf(element))}>${renderPlain(labelOf(element))}</button>`;
}

function confirmOf(element: JsonObject): string {
  const confirm = objectAt(element, 'confirm');
  if (confirm === undefined) return '';
  const texts = ['title', 'text'].map((part) => stringAt(objectAt(confirm, part) ?? {}, 'text') ?? '');
  return ` data-confirm="${escapeHtml(texts.join('\n\n'))}"`;
}

/** A hidden form field. */
export function hiddenField(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}

function renderMarkdown(text: string): Html {
  const bold = escapeHtml(text).replaceAll(/\*\*([^*\n]+)\*\*/g, '<strong>$1</strong>');
  return raw(bold.replaceAll('\n', '<br>'));
}

function richText(value: unknown): string {
  if (Array.isArray(value)) return value.map(richText).join('');
  if (!isObject(value)) return '';
  return `${stringAt(value, 'text') ?? ''}${richText(value['elements'])}`;
}

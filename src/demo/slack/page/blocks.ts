import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from '../json.ts';
import type { WorkspaceState } from '../state.ts';
import type { SlackView } from '../types.ts';
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
  /** Who and what there is to choose from. */
  readonly directory: Pick<WorkspaceState, 'users' | 'channels'>;
  /** The modal or Home that the blocks are of, with what was chosen in it. */
  readonly source?: SlackView;
  /** Renders an element that a person can use. */
  readonly element: (element: JsonObject, block: JsonObject, view: BlockView) => Part;
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
      return html`<div class="b-actions">${objectsAt(block, 'elements').map((one) => view.element(one, block, view))}</div>`;
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
${accessory && html`<div class="b-accessory">${accessory['type'] === 'image' ? renderImage(accessory) : view.element(accessory, block, view)}</div>`}</div>`;
}

function renderContext(element: JsonObject, view: BlockView): Html {
  return element['type'] === 'image' ? renderImage(element) : html`<span>${renderText(element, view)}</span>`;
}

/** No picture is loaded: the page talks to nobody but its own server. */
function renderImage(image: JsonObject): Html {
  return html`<span class="b-image">[image: ${stringAt(image, 'alt_text') ?? ''}]</span>`;
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

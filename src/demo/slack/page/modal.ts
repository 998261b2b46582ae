import { inputsOf } from '../inputs.ts';
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import type { WorkspaceState } from '../state.ts';
import type { SlackView } from '../types.ts';
import { type BlockView, hiddenField, renderBlocks, renderText } from './blocks.ts';
import { dispatchOf, heldValue, nameOf, renderInput } from './field.ts';
import { type Html, html, type Part, raw } from './html.ts';
import type { Viewer } from './message.ts';

/** What went wrong with a person's last action. */
export interface FormTrouble {
  /** The modal that it was done in; null for the page itself. */
  readonly viewId: string | null;
  readonly problem: string | null;
  /** Messages beside the fields, by block id. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Nothing went wrong. */
export const noTrouble: FormTrouble = { viewId: null, problem: null, fields: {} };

/** The open modal as a form. */
export function renderModal(
  state: WorkspaceState,
  view: SlackView,
  viewer: Viewer,
  page: { readonly channel: string; readonly trouble: FormTrouble },
): Html {
  const { channel } = page;
  const trouble = page.trouble.viewId === view.id ? page.trouble : noTrouble;
  const place = { as: viewer.user.id, channel, viewId: view.id };
  const blocks: BlockView = { ...viewer, place, key: `v-${view.id}`, insideForm: true, source: view };
  const title = stringAt(view.title, 'text') ?? '';
  const close = stringAt(view.close ?? {}, 'text') ?? (view.previous_view_id === null ? 'Cancel' : 'Back');
  return html`<div class="backdrop"><section class="modal" role="dialog" aria-modal="true" aria-labelledby="modal-title">
<form method="post" action="/page/submit" novalidate>${Object.entries(place).map(([name, value]) => hiddenField(name, value))}
${view.submit && html`<button hidden></button>`}<header><h2 id="modal-title">${title}</h2></header>
<div class="modal-body">${trouble.problem && html`<p class="problem" role="alert">${trouble.problem}</p>`}
${renderParts(state, view, blocks, trouble)}</div>
<footer><button class="btn plain" id="modal-close" formaction="/page/close" formnovalidate>${close}</button>
${view.submit && html`<button class="btn primary" id="modal-submit">${stringAt(view.submit, 'text') ?? 'Submit'}</button>`}</footer>
</form></section></div>`;
}

/** The blocks of a modal or a Home, with its fields. */
export function renderParts(
  state: WorkspaceState,
  view: SlackView,
  blocks: BlockView,
  trouble: FormTrouble,
): readonly Part[] {
  return view.blocks.map((block) => renderPart(state, view, block, { blocks, trouble }));
}

function renderPart(
  state: WorkspaceState,
  view: SlackView,
  block: JsonObject,
  shown: { readonly blocks: BlockView; readonly trouble: FormTrouble },
): Part {
  if (block['type'] !== 'input') return renderBlocks([block], shown.blocks);
  const input = inputsOf(view).find((one) => one.blockId === block['block_id']);
  if (input === undefined) return null;
  const id = `in-${view.id}-${input.blockId}`;
  const error = shown.trouble.fields[input.blockId];
  const hint = objectAt(block, 'hint');
  const name = nameOf(input.element, input.blockId);
  const dispatch = block['dispatch_action'] === true ? { dispatch: dispatchOf(input, name) } : {};
  const isGroup = ['radio_buttons', 'checkboxes'].includes(String(input.element['type']));
  const labelled = isGroup ? html`span id="${id}-label" class="label"` : html`label for="${id}"`;
  return html`<div class="field${error === undefined ? '' : ' wrong'}">
<${labelled}>${renderText(objectAt(block, 'label'), shown.blocks)}${input.optional && html` <span class="optional">(optional)</span>`}</${raw(isGroup ? 'span' : 'label')}>
${renderInput(state, input, { id, name, value: heldValue(view, input), error, ...dispatch }, shown.blocks.timeZone)}
${error !== undefined && html`<p class="problem" id="${id}-error">${error}</p>`}
${hint && html`<p class="hint">${renderText(hint, shown.blocks)}</p>`}</div>`;
}

import { type Input, type InputValue, initialValue, optionsOf } from '../inputs.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import type { WorkspaceState } from '../state.ts';
import type { SlackView } from '../types.ts';
import { type Html, html } from './html.ts';

/** A field as it stands. */
export interface Filled {
  readonly id: string;
  readonly value: InputValue;
  readonly error: string | undefined;
}

/** The control of one field. */
export function renderInput(state: WorkspaceState, input: Input, filled: Filled): Html {
  const { element } = input;
  const type = String(element['type']);
  if (type === 'plain_text_input' && element['multiline'] === true) return renderArea(input, filled);
  if (['radio_buttons', 'checkboxes'].includes(type)) return renderBoxes(input, filled);
  const options = choicesOf(state, element);
  return options === undefined ? renderLine(input, filled) : renderSelect(input, filled, options);
}

function renderArea(input: Input, filled: Filled): Html {
  const text = String(filled.value ?? '');
  return html`<textarea rows="5" ${attributes(input, filled)}>${text}</textarea>`;
}

function renderLine(input: Input, filled: Filled): Html {
  const kinds = new Map([
    ['number_input', 'text'],
    ['email_text_input', 'email'],
    ['url_text_input', 'url'],
    ['datepicker', 'date'],
    ['timepicker', 'time'],
  ]);
  const kind = kinds.get(String(input.element['type'])) ?? 'text';
  return html`<input type="${kind}" value="${String(filled.value ?? '')}" ${attributes(input, filled)}>`;
}

function renderSelect(input: Input, filled: Filled, options: readonly Choice[]): Html {
  const multiple = String(input.element['type']).startsWith('multi_');
  const chosen = asList(filled.value);
  const items = options.map(
    ({ value, label }) =>
      html`<option value="${value}"${chosen.includes(value) && html` selected`}>${label}</option>`,
  );
  const nothing = !multiple && html`<option value="">Choose…</option>`;
  return html`<select ${attributes(input, filled)}${multiple && html` multiple`}>${nothing}${items}</select>`;
}

function renderBoxes(input: Input, filled: Filled): Html {
  const kind = input.element['type'] === 'checkboxes' ? 'checkbox' : 'radio';
  const chosen = asList(filled.value);
  const boxes = optionsOf(input.element).map((option) => {
    const value = String(option['value']);
    const label = stringAt(objectAt(option, 'text') ?? {}, 'text') ?? value;
    return html`<label class="box"><input type="${kind}" name="in.${input.blockId}" value="${value}"${chosen.includes(value) && html` checked`}> ${label}</label>`;
  });
  return html`<div class="boxes" id="${filled.id}" role="group">${boxes}</div>`;
}

function attributes(input: Input, filled: Filled): Html {
  const placeholder = stringAt(objectAt(input.element, 'placeholder') ?? {}, 'text') ?? '';
  const wrong =
    filled.error !== undefined && html` aria-invalid="true" aria-describedby="${filled.id}-error"`;
  return html`id="${filled.id}" name="in.${input.blockId}" placeholder="${placeholder}" aria-required="${String(!input.optional)}"${wrong}`;
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

function choicesOf(state: WorkspaceState, element: JsonObject): readonly Choice[] | undefined {
  switch (element['type']) {
    case 'static_select':
    case 'multi_static_select':
      return optionsOf(element).map((option) => ({
        value: String(option['value']),
        label: stringAt(objectAt(option, 'text') ?? {}, 'text') ?? '',
      }));
    case 'users_select':
    case 'multi_users_select':
      return [...state.users.values()].map((user) => ({ value: user.id, label: user.realName }));
    case 'channels_select':
    case 'conversations_select':
      return [...state.channels.values()].map(({ id, name }) => ({ value: id, label: `#${name}` }));
    default:
      return undefined;
  }
}

/** What a field holds now: what was typed before, or its initial value. */
export function heldValue(view: SlackView, input: Input): InputValue {
  const typed = view.state.values[input.blockId]?.[input.actionId];
  if (typed === undefined) return initialValue(input.element);
  const { type: _type, ...held } = typed;
  const value = Object.values(held)[0];
  if (Array.isArray(value)) return value.map(plainValue);
  return value === null || value === undefined ? null : plainValue(value);
}

function plainValue(value: unknown): string {
  return isObject(value) ? String(value['value']) : String(value);
}

function asList(value: InputValue): readonly string[] {
  if (value === null) return [];
  return typeof value === 'string' ? [value] : value;
}

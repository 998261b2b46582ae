import { type Input, type InputValue, initialValue, optionsOf } from '../inputs.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import type { WorkspaceState } from '../state.ts';
import type { SlackView } from '../types.ts';
import { wallClock } from './dates.ts';
import { type Html, html, type Part } from './html.ts';

/** A field as it stands. */
export interface Filled {
  readonly id: string;
  /** See `nameOf`. */
  readonly name: string;
  /** Said to who cannot see it, where no label stands beside it. */
  readonly label?: string;
  /** What the page's script sends along with every change, where the app wants to know at once. */
  readonly dispatch?: string;
  readonly value: InputValue;
  readonly error: string | undefined;
}

/** The name of a field in the form; `key` is its block id, or its action id where it is in no input block. */
export function nameOf(element: JsonObject, key: string): string {
  return `${element['type'] === 'datetimepicker' ? 'at' : 'in'}.${key}`;
}

/** What there is to choose from besides options. */
type Directory = Pick<WorkspaceState, 'users' | 'channels'>;

/** The control of one field. */
export function renderInput(state: Directory, input: Input, filled: Filled, timeZone: string): Html {
  const { element } = input;
  const type = String(element['type']);
  if (type === 'plain_text_input' && element['multiline'] === true) return renderArea(input, filled);
  if (['radio_buttons', 'checkboxes'].includes(type)) return renderBoxes(input, filled);
  const options = choicesOf(state, element);
  return options === undefined ? renderLine(input, filled, timeZone) : renderSelect(input, filled, options);
}

function renderArea(input: Input, filled: Filled): Html {
  const text = String(filled.value ?? '');
  return html`<textarea rows="5" ${attributes(input, filled)}>${text}</textarea>`;
}

function renderLine(input: Input, filled: Filled, timeZone: string): Html {
  const kinds = new Map([
    ['number_input', 'number'],
    ['email_text_input', 'email'],
    ['url_text_input', 'url'],
    ['datepicker', 'date'],
    ['timepicker', 'time'],
    ['datetimepicker', 'datetime-local'],
  ]);
  const kind = kinds.get(String(input.element['type'])) ?? 'text';
  const whole = input.element['is_decimal_allowed'] === true ? 'any' : '1';
  return html`<input type="${kind}"${kind === 'number' && html` step="${whole}"`} value="${shownValue(input, filled, timeZone)}" ${attributes(input, filled)}>`;
}

function shownValue({ element }: Input, { value }: Filled, timeZone: string): string {
  const isTime = element['type'] === 'datetimepicker' && value !== null;
  return isTime ? wallClock(Number(value), timeZone) : String(value ?? '');
}

function renderSelect(input: Input, filled: Filled, options: readonly Choice[]): Html {
  const multiple = String(input.element['type']).startsWith('multi_');
  const chosen = asList(filled.value);
  const items = options.map(
    ({ value, label }) =>
      html`<option value="${value}"${chosen.includes(value) && html` selected`}>${label}</option>`,
  );
  const placeholder = stringAt(objectAt(input.element, 'placeholder') ?? {}, 'text') ?? 'Choose…';
  const nothing = !multiple && html`<option value="">${placeholder}</option>`;
  return html`<select ${attributes(input, filled)}${multiple && html` multiple`}>${nothing}${items}</select>`;
}

function renderBoxes(input: Input, filled: Filled): Html {
  const kind = input.element['type'] === 'checkboxes' ? 'checkbox' : 'radio';
  const chosen = asList(filled.value);
  const boxes = optionsOf(input.element).map((option) => {
    const value = String(option['value']);
    const label = stringAt(objectAt(option, 'text') ?? {}, 'text') ?? value;
    const about = stringAt(objectAt(option, 'description') ?? {}, 'text');
    return html`<label class="box"><input type="${kind}" name="${filled.name}" value="${value}"${chosen.includes(value) && html` checked`}> <span>${label}${about && html`<span class="hint"> ${about}</span>`}</span></label>`;
  });
  const wrong =
    filled.error !== undefined && html` aria-invalid="true" aria-describedby="${filled.id}-error"`;
  return html`<div class="boxes" id="${filled.id}" role="${kind === 'radio' ? 'radiogroup' : 'group'}" aria-labelledby="${filled.id}-label"${wrong}${sent(filled)}>${boxes}</div>`;
}

function attributes(input: Input, filled: Filled): Html {
  const placeholder = stringAt(objectAt(input.element, 'placeholder') ?? {}, 'text') ?? '';
  const wrong =
    filled.error !== undefined && html` aria-invalid="true" aria-describedby="${filled.id}-error"`;
  const label = filled.label !== undefined && html` aria-label="${filled.label}"`;
  return html`id="${filled.id}" name="${filled.name}"${label}${sent(filled)} placeholder="${placeholder}" aria-required="${String(!input.optional)}"${wrong}`;
}

function sent(filled: Filled): Part {
  return filled.dispatch !== undefined && html` data-dispatch="${filled.dispatch}"`;
}

/** What says to the server which element was changed, and in which field of the form its value stands. */
export function dispatchOf({ blockId, actionId }: Input, name: string): string {
  return JSON.stringify({ blockId, actionId, from: name });
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

function choicesOf(state: Directory, element: JsonObject): readonly Choice[] | undefined {
  switch (element['type']) {
    case 'static_select':
    case 'multi_static_select':
      return optionsOf(element).map((option) => ({
        value: String(option['value']),
        label: stringAt(objectAt(option, 'text') ?? {}, 'text') ?? '',
      }));
    case 'users_select':
    case 'multi_users_select':
      return [...state.users.values()]
        .filter((user) => user.deleted !== true)
        .map((user) => ({ value: user.id, label: user.realName }));
    case 'channels_select':
    case 'multi_channels_select':
    case 'conversations_select':
    case 'multi_conversations_select':
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

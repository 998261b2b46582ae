import { SlackActorError } from './error.ts';
import { type JsonObject, objectAt, objectsAt, stringAt } from './json.ts';
import type { SlackView, ViewValues } from './types.ts';

/** What a person fills into one field: text, chosen option values or ids, or null for nothing. */
export type InputValue = string | readonly string[] | null;

/** What a person fills into a form, by block id or action id; other fields keep their initial value. */
export type InputValues = Readonly<Record<string, InputValue>>;

/** One field of a form. */
export interface Input {
  readonly blockId: string;
  readonly actionId: string;
  readonly element: JsonObject;
  readonly optional: boolean;
}

/** A form as filled in, and what the Slack client finds wrong with it before it sends anything. */
export interface FilledForm {
  readonly values: ViewValues;
  /** Messages by block id. */
  readonly errors: Readonly<Record<string, string>>;
}

/** The fields of a view, or of a message. */
export function inputsOf(view: Pick<SlackView, 'blocks'>): readonly Input[] {
  return view.blocks.flatMap((block) => {
    const element = objectAt(block, 'element') ?? objectAt(block, 'accessory');
    const elements = block['type'] === 'actions' ? objectsAt(block, 'elements') : [element ?? {}];
    const optional = block['type'] !== 'input' || block['optional'] === true;
    return elements.filter(holdsValue).map((one) => inputOf(block, one, optional));
  });
}

/** Fills a form in. Throws `SlackActorError` for a field or an option that the form does not have. */
export function fillForm(view: Pick<SlackView, 'blocks'>, given: InputValues): FilledForm {
  const inputs = inputsOf(view);
  const names = new Set(inputs.flatMap(({ blockId, actionId }) => [blockId, actionId]));
  const stray = Object.keys(given).filter((name) => !names.has(name));
  if (stray.length > 0)
    throw new SlackActorError(`The form has no field ${stray.join(', ')}; it has ${[...names].join(', ')}`);
  const values: Record<string, Record<string, JsonObject>> = {};
  const errors: Record<string, string> = {};
  for (const input of inputs) {
    const value = given[input.blockId] ?? given[input.actionId] ?? initialOf(input, given);
    values[input.blockId] = { ...values[input.blockId], [input.actionId]: stateOf(input.element, value) };
    const error = complaint(input, value);
    if (error !== undefined) errors[input.blockId] = error;
  }
  return { values, errors };
}

const chosen: Readonly<Record<string, string>> = {
  static_select: 'selected_option',
  radio_buttons: 'selected_option',
  checkboxes: 'selected_options',
  multi_static_select: 'selected_options',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
  users_select: 'selected_user',
  multi_users_select: 'selected_users',
  channels_select: 'selected_channel',
  multi_channels_select: 'selected_channels',
  conversations_select: 'selected_conversation',
  multi_conversations_select: 'selected_conversations',
  overflow: 'selected_option',
};

const typed = new Set(['plain_text_input', 'number_input', 'email_text_input', 'url_text_input']);

/** Whether an element is one that a person chooses in or types into; a button is not. */
export function takesChoice(element: JsonObject): boolean {
  const type = String(element['type']);
  return typed.has(type) || chosen[type] !== undefined;
}

/** An overflow menu tells what was chosen once, and does not keep it. */
function holdsValue(element: JsonObject): boolean {
  return takesChoice(element) && element['type'] !== 'overflow';
}

function inputOf(block: JsonObject, element: JsonObject, optional: boolean): Input {
  const blockId = stringAt(block, 'block_id') ?? '';
  return { blockId, actionId: stringAt(element, 'action_id') ?? '', element, optional };
}

/** The state of one element, with this value, as `view.state.values` holds it. */
export function stateOf(element: JsonObject, value: InputValue): JsonObject {
  const type = String(element['type']);
  const key = chosen[type] ?? 'value';
  return { type, [key]: shapeOf(element, key, value) };
}

function shapeOf(element: JsonObject, key: string, value: InputValue): unknown {
  if (key === 'selected_options') return listed(value).map((one) => optionOf(element, one));
  if (['selected_users', 'selected_channels', 'selected_conversations'].includes(key)) return listed(value);
  const single = listed(value)[0];
  if (single === undefined) return null;
  if (key === 'selected_option') return optionOf(element, single);
  return key === 'selected_date_time' ? Number(single) : single;
}

/** The chosen values as a list; nothing is an empty list. */
function listed(value: InputValue): readonly string[] {
  if (value === null || value === '') return [];
  return typeof value === 'string' ? [value] : value;
}

function optionOf(element: JsonObject, value: string): JsonObject {
  const found = optionsOf(element).find((option) => option['value'] === value);
  if (found === undefined) throw new SlackActorError(`The field has no option ${JSON.stringify(value)}`);
  return found;
}

/** The options of a menu, those in groups included. */
export function optionsOf(element: JsonObject): readonly JsonObject[] {
  const grouped = objectsAt(element, 'option_groups').flatMap((group) => objectsAt(group, 'options'));
  return [...objectsAt(element, 'options'), ...grouped];
}

function initialOf(input: Input, given: InputValues): InputValue {
  if (given[input.blockId] === null || given[input.actionId] === null) return null;
  return initialValue(input.element);
}

/** The value that an element starts with. */
export function initialValue(element: JsonObject): InputValue {
  const option = objectAt(element, 'initial_option');
  if (option !== undefined) return stringAt(option, 'value') ?? null;
  const options = objectsAt(element, 'initial_options');
  if (options.length > 0) return options.map((one) => String(one['value']));
  const several = ['users', 'channels', 'conversations'].map((key) => element[`initial_${key}`]);
  const list = several.find((value) => Array.isArray(value));
  if (list !== undefined) return (list as unknown[]).map(String);
  const keys = ['value', 'date', 'time', 'date_time', 'user', 'channel', 'conversation'];
  const found = keys.map((key) => element[`initial_${key}`]).find((value) => value !== undefined);
  return found === undefined ? null : String(found);
}

function complaint(input: Input, value: InputValue): string | undefined {
  const [first] = listed(value);
  if (first === undefined) return input.optional ? undefined : 'Please complete this required field.';
  const { min_length: min, max_length: max } = input.element;
  if (typeof min === 'number' && first.length < min) return `Please enter at least ${min} characters.`;
  if (typeof max === 'number' && first.length > max) return `Please enter at most ${max} characters.`;
  return complainAbout[String(input.element['type'])]?.(first, input.element);
}

/** What the Slack client checks of what was typed, by the type of the field. */
const complainAbout: Readonly<Record<string, (text: string, element: JsonObject) => string | undefined>> = {
  number_input: numberComplaint,
  email_text_input: (text) =>
    /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? undefined : 'Please enter a valid e-mail address.',
  url_text_input: (text) => (URL.canParse(text) ? undefined : 'Please enter a valid URL.'),
};

function numberComplaint(text: string, element: JsonObject): string | undefined {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) return 'Please enter a number.';
  const { is_decimal_allowed: decimals, min_value: min, max_value: max } = element;
  if (decimals !== true && !Number.isInteger(number)) return 'Please enter a whole number.';
  if (min !== undefined && number < Number(min)) return `Please enter a number that is at least ${min}.`;
  if (max !== undefined && number > Number(max)) return `Please enter a number that is at most ${max}.`;
  return undefined;
}

import { isObject, type JsonObject } from './json.ts';
import type { WorkspaceState } from './state.ts';

const blockTypes = new Set([
  'section',
  'header',
  'divider',
  'context',
  'actions',
  'image',
  'input',
  'markdown',
]);
const passive = new Set(['image', 'plain_text', 'mrkdwn']);

/** Blocks as Slack keeps them: with the `block_id`s, `action_id`s and text flags that the app left out. */
export function normalizeBlocks(state: WorkspaceState, blocks: readonly JsonObject[]): readonly JsonObject[] {
  return blocks.map((block) => {
    const filled = normalizeObject(block);
    const id = { block_id: block['block_id'] ?? state.ids.next('b') };
    return blockTypes.has(String(block['type']))
      ? normalizeParts(state, { ...filled, ...id })
      : { ...block, ...id };
  });
}

function normalizeParts(state: WorkspaceState, block: JsonObject): JsonObject {
  const { elements, accessory, element } = block;
  return {
    ...block,
    ...(Array.isArray(elements) ? { elements: elements.map((part) => withActionId(state, part)) } : {}),
    ...(accessory === undefined ? {} : { accessory: withActionId(state, accessory) }),
    ...(element === undefined ? {} : { element: withActionId(state, element) }),
  };
}

function withActionId(state: WorkspaceState, element: unknown): unknown {
  if (!isObject(element) || passive.has(String(element['type']))) return element;
  return { ...element, action_id: element['action_id'] ?? state.ids.next('a') };
}

function normalizeObject(object: JsonObject): JsonObject {
  const filled = Object.entries(object).map(([key, value]) => [key, normalizeValue(value)]);
  return { ...textFlags(object), ...Object.fromEntries(filled) };
}

function normalizeValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => normalizeValue(one));
  return isObject(value) ? normalizeObject(value) : value;
}

function textFlags(object: JsonObject): JsonObject {
  if (object['type'] === 'plain_text') return { emoji: true };
  return object['type'] === 'mrkdwn' ? { verbatim: false } : {};
}

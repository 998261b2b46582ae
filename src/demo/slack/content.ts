import { type Arguments, jsonArgument, optionalText } from './arguments.ts';
import { SlackApiError } from './error.ts';
import { isObject, type JsonObject } from './json.ts';
import { checkMessageBlocks, describeProblem, type Problem } from './limits/index.ts';
import { normalizeBlocks } from './normalize.ts';
import type { WorkspaceState } from './state.ts';

/** Most characters in the text of a new message. */
const longestText = 40_000;

/** Most characters in the text of an updated message. */
export const longestUpdate = 4000;

/** What the arguments of a call say about a message; a field that was not given is absent. */
export interface GivenContent {
  readonly text?: string;
  readonly blocks?: readonly JsonObject[];
  readonly attachments?: readonly JsonObject[];
  readonly metadata?: JsonObject;
}

/**
 * Reads and checks the content of a message.
 * Throws `invalid_blocks` (with every problem), `invalid_blocks_format`, `invalid_attachments`, `invalid_metadata_format`, `msg_too_long`.
 */
export function readContent(state: WorkspaceState, args: Arguments, maxText = longestText): GivenContent {
  const text = optionalText(args, 'text');
  if (text !== undefined && text.length > maxText) throw new SlackApiError('msg_too_long');
  const blocks = readBlocks(state, args);
  const attachments = readAttachments(state, args);
  const metadata = readMetadata(args);
  return {
    ...(text === undefined ? {} : { text }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(attachments === undefined ? {} : { attachments }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** Whether there is nothing to show. */
export function isEmpty(content: GivenContent): boolean {
  const { text, blocks, attachments } = content;
  return text === undefined && (blocks ?? []).length === 0 && (attachments ?? []).length === 0;
}

function readBlocks(state: WorkspaceState, args: Arguments): readonly JsonObject[] | undefined {
  const blocks = jsonArgument(args, 'blocks', 'invalid_blocks_format');
  if (blocks === undefined) return undefined;
  if (!Array.isArray(blocks)) throw new SlackApiError('invalid_blocks_format');
  refuseIf(checkMessageBlocks(blocks), 'invalid_blocks');
  return normalizeBlocks(state, blocks);
}

function readAttachments(state: WorkspaceState, args: Arguments): readonly JsonObject[] | undefined {
  const attachments = jsonArgument(args, 'attachments', 'invalid_attachments');
  if (attachments === undefined) return undefined;
  if (!Array.isArray(attachments) || !attachments.every(isObject))
    throw new SlackApiError('invalid_attachments');
  if (attachments.length > 100) throw new SlackApiError('too_many_attachments');
  return attachments.map((attachment, index) => readAttachment(state, attachment, index));
}

function readAttachment(state: WorkspaceState, attachment: JsonObject, index: number): JsonObject {
  const { blocks } = attachment;
  if (blocks === undefined) return { id: index + 1, ...attachment };
  refuseIf(checkMessageBlocks(blocks, `/attachments/${index}/blocks`), 'invalid_attachments');
  return {
    id: index + 1,
    ...attachment,
    blocks: normalizeBlocks(state, (blocks as unknown[]).filter(isObject)),
  };
}

function readMetadata(args: Arguments): JsonObject | undefined {
  const metadata = jsonArgument(args, 'metadata', 'invalid_metadata_format');
  if (metadata === undefined) return undefined;
  if (!isObject(metadata)) throw new SlackApiError('invalid_metadata_format');
  const empty = Object.keys(metadata).length === 0;
  const whole = typeof metadata['event_type'] === 'string' && isObject(metadata['event_payload']);
  if (!empty && !whole) throw new SlackApiError('invalid_metadata_format');
  return metadata;
}

/** Refuses with a code and every problem. */
export function refuseIf(problems: readonly Problem[], code: string): void {
  if (problems.length > 0) throw new SlackApiError(code, problems.map(describeProblem));
}

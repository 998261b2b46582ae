import { SlackActorError } from './error.ts';
import { type JsonObject, objectAt, objectsAt, stringAt } from './json.ts';

/** Which button: by action id or by its words, and by block id where that is not enough. */
export interface ButtonChoice {
  readonly actionId?: string;
  readonly text?: string;
  readonly blockId?: string;
}

/** A button and where it is. */
export interface FoundButton {
  readonly button: JsonObject;
  readonly blockId: string;
  /** Number of the attachment it is in, if any. */
  readonly attachmentId?: number;
}

/** All buttons of some blocks and attachments. */
export function buttonsIn(
  blocks: readonly JsonObject[],
  attachments: readonly JsonObject[] = [],
): readonly FoundButton[] {
  const inAttachments = attachments.flatMap((attachment) =>
    buttonsIn(objectsAt(attachment, 'blocks')).map((found) => ({
      ...found,
      attachmentId: Number(attachment['id']),
    })),
  );
  return [...blocks.flatMap(buttonsOf), ...inAttachments];
}

/** The one button that is meant. Throws `SlackActorError` where there is none or more than one. */
export function chooseButton(buttons: readonly FoundButton[], choice: ButtonChoice): FoundButton {
  const fitting = buttons.filter((found) => fits(found, choice));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const there = buttons.map((found) => JSON.stringify(labelOf(found.button))).join(', ') || 'no button';
  const count = fitting.length === 0 ? 'No' : String(fitting.length);
  throw new SlackActorError(`${count} buttons fit ${JSON.stringify(choice)}. There is: ${there}`);
}

/** The words on a button. */
export function labelOf(button: JsonObject): string {
  return stringAt(objectAt(button, 'text') ?? {}, 'text') ?? '';
}

function buttonsOf(block: JsonObject): readonly FoundButton[] {
  const accessory = objectAt(block, 'accessory');
  const elements = [...objectsAt(block, 'elements'), ...(accessory === undefined ? [] : [accessory])];
  const blockId = stringAt(block, 'block_id') ?? '';
  return elements.filter((one) => one['type'] === 'button').map((button) => ({ button, blockId }));
}

function fits(found: FoundButton, choice: ButtonChoice): boolean {
  const { actionId, text, blockId } = choice;
  return (
    (actionId === undefined || found.button['action_id'] === actionId) &&
    (text === undefined || labelOf(found.button) === text) &&
    (blockId === undefined || found.blockId === blockId)
  );
}

import { SlackActorError } from './error.ts';
import { type InputValue, takesChoice } from './inputs.ts';
import { type JsonObject, objectAt, objectsAt, stringAt } from './json.ts';

/** Which element: by action id or by its words, and by block id where that is not enough. */
export interface ButtonChoice {
  readonly actionId?: string;
  readonly text?: string;
  readonly blockId?: string;
  /** What is chosen, where the element is no button but a menu, a picker or boxes. */
  readonly value?: InputValue;
}

/** A button or another element that can be used, and where it is. */
export interface FoundButton {
  readonly button: JsonObject;
  readonly blockId: string;
  /** Number of the attachment it is in, if any. */
  readonly attachmentId?: number;
}

/** All buttons, menus, pickers and boxes of some blocks and attachments. */
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

/**
 * The one button that is meant. Whoever clicks may see a message as it was before an update, which gave its blocks new
 * ids; Slack takes such a click. Throws `SlackActorError` where there is none or more than one.
 */
export function chooseButton(buttons: readonly FoundButton[], choice: ButtonChoice): FoundButton {
  const exact = buttons.filter((found) => fits(found, choice));
  const { blockId: _before, ...lasting } = choice;
  const fitting = exact.length > 0 ? exact : buttons.filter((found) => fits(found, lasting));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const there = buttons.map((found) => JSON.stringify(nameOf(found.button))).join(', ') || 'no button';
  const count = fitting.length === 0 ? 'No' : String(fitting.length);
  throw new SlackActorError(`${count} buttons fit ${JSON.stringify(choice)}. There is: ${there}`);
}

/** The words on a button; the action id of another element. */
function nameOf(element: JsonObject): string {
  return element['type'] === 'button' ? labelOf(element) : (stringAt(element, 'action_id') ?? '');
}

/** The words on a button. */
export function labelOf(button: JsonObject): string {
  return stringAt(objectAt(button, 'text') ?? {}, 'text') ?? '';
}

function buttonsOf(block: JsonObject): readonly FoundButton[] {
  const accessory = objectAt(block, 'accessory');
  const dispatching = block['dispatch_action'] === true ? objectAt(block, 'element') : undefined;
  const single = [accessory, dispatching].filter((one) => one !== undefined);
  const elements = [...objectsAt(block, 'elements'), ...single];
  const blockId = stringAt(block, 'block_id') ?? '';
  return elements
    .filter((one) => one['type'] === 'button' || takesChoice(one))
    .map((button) => ({ button, blockId }));
}

function fits(found: FoundButton, choice: ButtonChoice): boolean {
  const { actionId, text, blockId, value } = choice;
  return (
    (value === undefined) === (found.button['type'] === 'button') &&
    (actionId === undefined || found.button['action_id'] === actionId) &&
    (text === undefined || labelOf(found.button) === text) &&
    (blockId === undefined || found.blockId === blockId)
  );
}

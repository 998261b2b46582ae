import {
  anyText,
  boxOption,
  confirmation,
  dispatchConfig,
  menuOption,
  optionGroup,
  plainText,
  slackFile,
} from './composition.ts';
import { all, anyField, type Fields, flag, list, number, type Rule, shape, text, word } from './rule.ts';

/** Longest `action_id` and `block_id`. */
export const idLength = 255;

const id: Fields = { action_id: text(idLength) };
const asking: Fields = { ...id, confirm: confirmation };
const focused: Fields = { ...asking, focus_on_load: flag };
const field: Fields = { ...focused, placeholder: plainText(150) };
const several: Fields = { ...field, max_selected_items: number(1, 1000) };
const typed: Fields = {
  ...id,
  focus_on_load: flag,
  placeholder: plainText(150),
  dispatch_action_config: dispatchConfig,
};
const choices: Fields = { options: list(menuOption, 100), option_groups: list(optionGroup, 100) };
const userId = text(255);

/** The button; its `value` holds at most 2000 characters. */
const button: Rule = shape(
  { text: plainText(75) },
  {
    ...asking,
    value: text(2000),
    url: text(3000),
    style: word('primary', 'danger'),
    accessibility_label: text(75),
  },
);

/** The image inside a section or context. */
const image: Rule = shape({ alt_text: text(2000) }, { image_url: text(3000), slack_file: slackFile });

const choosing: Readonly<Record<string, Rule>> = {
  static_select: all(
    shape({}, { ...field, ...choices, initial_option: menuOption }),
    anyField('options', 'option_groups'),
  ),
  multi_static_select: all(
    shape({}, { ...several, ...choices, initial_options: list(menuOption, 100) }),
    anyField('options', 'option_groups'),
  ),
  users_select: shape({}, { ...field, initial_user: userId }),
  multi_users_select: shape({}, { ...several, initial_users: list(userId, 100) }),
  channels_select: shape({}, { ...field, initial_channel: userId, response_url_enabled: flag }),
  conversations_select: shape({}, { ...field, initial_conversation: userId, response_url_enabled: flag }),
  multi_channels_select: shape({}, { ...several, initial_channels: list(userId, 100) }),
  multi_conversations_select: shape(
    {},
    {
      ...several,
      initial_conversations: list(userId, 100),
      default_to_current_conversation: flag,
      filter: shape(
        {},
        {
          include: list(word('im', 'mpim', 'private', 'public'), 4),
          exclude_external_shared_channels: flag,
          exclude_bot_users: flag,
        },
      ),
    },
  ),
  radio_buttons: shape({ options: list(boxOption, 10) }, { ...focused, initial_option: boxOption }),
  checkboxes: shape({ options: list(boxOption, 10) }, { ...focused, initial_options: list(boxOption, 10) }),
  datepicker: shape({}, { ...field, initial_date: text(10, 10) }),
  timepicker: shape({}, { ...field, initial_time: text(5, 5), timezone: text(255) }),
  datetimepicker: shape({}, { ...focused, initial_date_time: number(1_000_000_000, 9_999_999_999) }),
};

const overflow: Rule = shape({ options: list(menuOption, 5) }, asking);

/** What may stand beside a section's text. */
export const accessories: Readonly<Record<string, Rule>> = { ...choosing, button, image, overflow };

/** What may stand in an actions block. */
export const actionElements: Readonly<Record<string, Rule>> = { ...choosing, button, overflow };

/** What may stand in a context block. */
export const contextElements: Readonly<Record<string, Rule>> = {
  image,
  plain_text: anyText(3000),
  mrkdwn: anyText(3000),
};

/** What may stand in an input block. */
export const inputElements: Readonly<Record<string, Rule>> = {
  ...choosing,
  plain_text_input: shape(
    {},
    {
      ...typed,
      initial_value: text(3000, 0),
      multiline: flag,
      min_length: number(0, 3000),
      max_length: number(1, 3000),
    },
  ),
  number_input: shape(
    { is_decimal_allowed: flag },
    { ...typed, initial_value: text(100), min_value: text(100), max_value: text(100) },
  ),
  email_text_input: shape({}, { ...typed, initial_value: text(3000) }),
  url_text_input: shape({}, { ...typed, initial_value: text(3000) }),
};

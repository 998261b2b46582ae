import { byType, flag, list, type Rule, shape, text, word } from './rule.ts';

/** A `plain_text` object of at most `max` characters. */
export function plainText(max: number): Rule {
  return byType({ plain_text: shape({ text: text(max) }, { emoji: flag }) });
}

/** A `plain_text` or `mrkdwn` object of at most `max` characters. */
export function anyText(max: number): Rule {
  return byType({
    plain_text: shape({ text: text(max) }, { emoji: flag }),
    mrkdwn: shape({ text: text(max) }, { verbatim: flag }),
  });
}

/** A file in Slack that serves as an image. */
export const slackFile: Rule = shape({}, { id: text(255), url: text(3000) });

/** The "are you sure?" in front of an action. */
export const confirmation: Rule = shape(
  { title: plainText(100), text: anyText(300) },
  { confirm: plainText(30), deny: plainText(30), style: word('primary', 'danger') },
);

/** An option whose texts are `rule`. */
function option(rule: Rule): Rule {
  return shape({ text: rule, value: text(150) }, { description: rule, url: text(3000) });
}

/** An option of a select or overflow menu. */
export const menuOption: Rule = option(plainText(75));

/** An option of radio buttons or checkboxes. */
export const boxOption: Rule = option(anyText(75));

/** A titled list of options. */
export const optionGroup: Rule = shape({ label: plainText(75), options: list(menuOption, 100) });

/** When an input tells the app while it is typed into. */
export const dispatchConfig: Rule = shape(
  {},
  { trigger_actions_on: list(word('on_enter_pressed', 'on_character_entered'), 2) },
);

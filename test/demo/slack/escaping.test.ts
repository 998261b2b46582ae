import { expect, it } from 'vitest';
import { escapeTyped } from '../../../src/demo/slack/escaping.ts';
import { createState } from '../../../src/demo/slack/state.ts';

const state = createState({
  team: { id: 'T0HOME', domain: 'home', name: 'Home' },
  app: { id: 'A0APP', botToken: 'xoxb-stand-in', signingSecret: 'secret' },
  users: [
    { id: 'U0ANN', name: 'ann', realName: 'Ann Ash' },
    { id: 'U0ANNE', name: 'ann.e', realName: 'Anne Elm' },
  ],
  channels: [{ id: 'C0OPEN', name: 'open' }],
  clock: () => new Date(0),
});

it.each([
  ['delegate @ann until 3d', 'delegate <@U0ANN|ann> until 3d'],
  ['@ANN.E, @ann. @anna', '<@U0ANNE|ann.e>, <@U0ANN|ann>. @anna'],
  ['tell #open and #shut', 'tell <#C0OPEN|open> and #shut'],
  ['status fraud@1.0 a#open', 'status fraud@1.0 a#open'],
  ['see https://a.example/?b=1&c=2 <@U0ANN>', 'see <https://a.example/?b=1&amp;c=2> &lt;@U0ANN&gt;'],
])('sends "%s" as Slack does', (typed, sent) => {
  expect(escapeTyped(state, typed)).toBe(sent);
});

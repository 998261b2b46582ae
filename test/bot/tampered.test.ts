import { afterAll, beforeAll, expect, it } from 'vitest';
import { HOUR } from '../../src/lib/index.ts';
import * as notify from '../../src/notify/index.ts';
import {
  APP_ID,
  APPROVALS,
  type BotHarness,
  buttonValueOf,
  clickBody,
  startBotHarness,
  textOf,
} from '../support/bot-harness.ts';
import { SLACK_USERS, TEAM } from '../support/bot-story.ts';

let harness: BotHarness;
let card: string;
let digest: string;
beforeAll(async () => {
  harness = await startBotHarness();
  const asked = await harness.ask();
  card = buttonValueOf(asked.card);
  digest = asked.run.artifact.digest;
});
afterAll(() => harness[Symbol.asyncDispose]());

type User = keyof typeof SLACK_USERS;
type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const channel = APPROVALS;
const field = (block: string, input: string, value: string): Values => ({ [block]: { [input]: { value } } });
const { DURATION_BLOCK, DURATION_INPUT, OVERRIDE_FIELDS, WHY_BLOCK, WHY_INPUT } = notify;

/** Every form of ours: what it carries, and what is typed into it. */
const FORMS = {
  [notify.APPROVE_VIEW]: {
    carried: () => ({ button: card, channel, ending: null }),
    typed: (text: string) => field(notify.COMMENT_BLOCK, notify.COMMENT_INPUT, text),
  },
  [notify.REJECT_VIEW]: {
    carried: () => ({ button: card, channel }),
    typed: (text: string) => field(notify.REASON_BLOCK, notify.REASON_INPUT, text),
  },
  [notify.OVERRIDE_VIEW]: {
    carried: () => ({
      modelId: 'fraud-detection',
      modelVersion: '4.1.2',
      environment: 'production',
      view: digest,
      channel,
    }),
    typed: (text: string) => ({
      ...field(OVERRIDE_FIELDS.reason, OVERRIDE_FIELDS.reason, text),
      ...field(OVERRIDE_FIELDS.hours, OVERRIDE_FIELDS.hours, '4'),
    }),
  },
  [notify.DOCUMENT_VIEW]: {
    carried: () => ({ button: card, channel }),
    typed: (text: string) => field(notify.DOCUMENTATION_BLOCK, notify.DOCUMENTATION_INPUT, text),
  },
  [notify.MUTE_VIEW]: {
    carried: () => ({ findingId: 1, channel }),
    typed: (text: string) => ({
      ...field(WHY_BLOCK, WHY_INPUT, text),
      ...field(DURATION_BLOCK, DURATION_INPUT, String(HOUR)),
    }),
  },
} as const;
const ALL_FORMS = Object.keys(FORMS) as (keyof typeof FORMS)[];

let sendings = 0;

/** Sends a form as Slack would sign it, whatever it carries. */
async function send(form: string, metadata: string, values: Values, user: User) {
  sendings += 1;
  const payload = {
    type: 'view_submission',
    api_app_id: APP_ID,
    team: { id: TEAM },
    user: { id: SLACK_USERS[user], team_id: TEAM },
    view: {
      id: `V${sendings}`,
      hash: 'h',
      callback_id: form,
      private_metadata: metadata,
      state: { values },
    },
  };
  return post(new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
}

/** Sends a body; it is acknowledged in time, and no job that follows fails. */
async function post(body: string) {
  const answer = await harness.slack.rawRequest(harness.slack.sign(body));
  expect(answer).toMatchObject({ status: 200, acknowledged: true });
  expect(await harness.work()).toEqual([]);
  return answer.body;
}

/** Everything that anybody could have signed, decided or changed. */
async function recorded() {
  const { db } = harness.story.context;
  const tables = ['ledger', 'approval_decisions', 'overrides', 'finding_events', 'delegations'] as const;
  const counted = tables.map((table) =>
    db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll().as('rows'))
      .executeTakeFirstOrThrow(),
  );
  return Promise.all(counted);
}

/** What somebody was told in their direct messages, where no channel is known. */
const directly = (user: User) => harness.slack.messages(SLACK_USERS[user]).map(textOf);
const told = (user: User) => [...directly(user), ...harness.told(user)];

/** Does something hostile: nothing is recorded or breaks, and `user` is told so, or it is logged. */
async function changesNothing(user: User, act: () => Promise<string>): Promise<void> {
  const before = await recorded();
  const [heard, logged] = [told(user).length, harness.log.length];
  const answer = await act();
  const news = harness.log.slice(logged);
  expect(news.filter(({ level }) => level === 'error')).toEqual([]);
  const isAnswered = () =>
    answer.includes('errors') || told(user).length > heard || news.some(({ level }) => level === 'warn');
  await expect.poll(isAnswered, { timeout: 20_000 }).toBe(true);
  expect(await recorded()).toEqual(before);
}

/** By who sends it: Slack takes one message a second to each. */
const UNREADABLE = {
  sam: '',
  lea: '{',
  lia: 'null',
  cora: '[]',
  nora: '"text"',
  otto: '{"__proto__":{"button":"x"}}',
} satisfies Partial<Record<User, string>>;

it.each(ALL_FORMS)('%s with what no form of ours carries records nothing, and says so', async (form) => {
  const typed = FORMS[form].typed('because');
  for (const [user, metadata] of Object.entries(UNREADABLE) as [User, string][]) {
    const heard = directly(user).length;
    await changesNothing(user, () => send(form, metadata, typed, user));
    await expect.poll(() => directly(user).length, { timeout: 20_000 }).toBe(heard + 1);
    expect(directly(user).at(-1)).toContain('Nothing was recorded');
  }
  await changesNothing('lea', () => send(form, JSON.stringify('x'.repeat(3000)), typed, 'lea'));
});

it.each(ALL_FORMS)('%s with what another form carries, or somebody else’s, records nothing', async (form) => {
  const { typed, carried } = FORMS[form];
  for (const other of ALL_FORMS) {
    // A card's forms carry the same; what somebody may do with them is asked below.
    const metadata = JSON.stringify(FORMS[other].carried());
    const isMeant = metadata === JSON.stringify(carried()) && form !== notify.DOCUMENT_VIEW;
    if (!isMeant && !isCardForm(form, other))
      await changesNothing('lea', () => send(form, metadata, typed('because'), 'lea'));
  }
  for (const user of ['sam', 'nora', 'stranger'] as const)
    await changesNothing(user, () => send(form, JSON.stringify(carried()), typed('because'), user));
});

/** Whether a rejection's form was given what the documentation's carries: about an approval card, as it should be. */
const isCardForm = (form: string, other: string) =>
  form === notify.REJECT_VIEW && other === notify.DOCUMENT_VIEW;

const STRANGE = [
  'unknown',
  '\0',
  '\uD83D',
  '__proto__',
  "' or true --",
  '../../etc/passwd',
  '<!channel>',
  'x'.repeat(2000),
];

it.each(ALL_FORMS)('%s about something that does not exist records nothing', async (form) => {
  const { typed, carried } = FORMS[form];
  for (const strange of STRANGE) {
    const about = Object.entries(carried()).map(([key, value]) =>
      key === 'channel' || key === 'ending' ? [key, value] : [key, strange],
    );
    await changesNothing('lea', () =>
      send(form, JSON.stringify(Object.fromEntries(about)), typed('because'), 'lea'),
    );
  }
});

it.each(ALL_FORMS)(
  '%s with a book typed into it records nothing, and says what is too long',
  async (form) => {
    const { typed, carried } = FORMS[form];
    const answer = await send(form, JSON.stringify(carried()), typed('x'.repeat(500_000)), 'cora');
    expect(answer).toContain('Shorten it to');
    const strange = { ...typed(''), ['__proto__']: {}, constructor: {} };
    await changesNothing('nora', () => send(form, JSON.stringify(carried()), strange, 'nora'));
  },
);

const BUTTONS = Object.entries(notify).flatMap(([name, id]) =>
  name.endsWith('_ACTION') && typeof id === 'string' ? [id] : [],
);

it.each([...BUTTONS, 'of.no.card', '__proto__'])(
  '%s with a value of no card of its own changes nothing',
  async (action) => {
    for (const value of [
      ...STRANGE,
      '0',
      '-1',
      '999999999999999',
      `sha256:${'f'.repeat(64)}`,
      'f'.repeat(64),
    ])
      await changesNothing('lea', () => post(clickBody({ action, value })));
  },
);

it.each(BUTTONS)('%s with the value of an approval card decides nothing for who may not', async (action) => {
  await changesNothing('nora', () => post(clickBody({ action, value: card, user: SLACK_USERS.nora })));
});

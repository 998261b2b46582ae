import { afterEach, describe, expect, it } from 'vitest';
import type { Submission } from '../../src/demo/slack/index.ts';
import { type Confirmation, endingOf, viewDigest } from '../../src/domain/index.ts';
import { approvalStatus, judgeArtifact } from '../../src/services/index.ts';
import { decisionsOn } from '../../src/storage/index.ts';
import {
  APPROVALS,
  type BotHarness,
  buttonsOf,
  buttonValueOf,
  clickBody,
  confirmationBody,
  startBotHarness,
  textOf,
} from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

let harness: BotHarness;
afterEach(async () => {
  await harness[Symbol.asyncDispose]();
});

const open = async (confirmation: Confirmation) => {
  harness = await startBotHarness({ approval: `confirmation: ${confirmation}` });
  return harness.ask();
};
const form = (user: keyof typeof SLACK_USERS) => harness.slack.modals(SLACK_USERS[user])[0];
const click = (user: keyof typeof SLACK_USERS, ts: string) =>
  harness.slack.as(SLACK_USERS[user]).clickButton({ channel: APPROVALS, ts, actionId: 'approval.approve' });
const decisions = (requestId: string) => decisionsOn(harness.story.context.db, requestId);
const statusOf = async (artifact: Parameters<typeof judgeArtifact>[1]['artifact']) =>
  (await judgeArtifact(harness.story.context, { artifact, environment: 'production' })).status;

describe('a pipeline that wants a confirmation', () => {
  it('decides nothing by the click, and shows the digest again', async () => {
    const { card, run, requestId } = await open('confirm');
    await click('lea', card.ts);
    expect(await harness.work()).toEqual([]);
    expect(await decisions(requestId)).toEqual([]);
    const shown = JSON.stringify(form('lea')?.blocks);
    expect(shown).toContain(run.artifact.digest);
    expect(shown).toContain('fraud-detection@4.1.2');
    await harness.slack.as(SLACK_USERS.lea).closeModal(form('lea')?.id ?? '');
    expect(await harness.work()).toEqual([]);
    expect(await decisions(requestId)).toEqual([]);
  });

  it('keeps the comment, escaped on the card and as a digest in the statement', async () => {
    const { card, requestId } = await open('confirm');
    const comment = 'Saw the <!channel> slices.';
    expect((await harness.approve('lea', card, { comment })).problem).toBeNull();
    expect(await harness.work()).toEqual([]);
    const [given] = await decisions(requestId);
    expect(given).toMatchObject({ person: 'lea', assurance: 'slack_click', reason: comment });
    const { bundle } = await harness.story.context.db
      .selectFrom('ledger')
      .select('bundle')
      .where('id', '=', given?.statement ?? '')
      .executeTakeFirstOrThrow();
    const { payload } = (JSON.parse(bundle) as { dsseEnvelope: { payload: string } }).dsseEnvelope;
    const said = Buffer.from(payload, 'base64').toString('utf8');
    expect(said).toMatch(/"reason":"sha256:[0-9a-f]{64}"/);
    expect(said).not.toContain('slices');
  });

  it('opens no form that Slack no longer lets us open, and says what to do', async () => {
    const { card, requestId } = await open('confirm');
    await harness.slack.rawRequest(harness.slack.sign(clickBody({ value: buttonValueOf(card) })));
    expect(harness.told('lea')[0]).toContain('Nothing was recorded');
    expect(harness.told('lea')[0]).toContain('Click the button again');
    expect(await decisions(requestId)).toEqual([]);
  });

  it('does not take a form whose request was decided meanwhile', async () => {
    const { card, requestId } = await open('confirm');
    await click('lia', card.ts);
    await harness.click('lea', card);
    await harness.click('cora', card);
    await harness.slack.as(SLACK_USERS.lia).submitModal(form('lia')?.id ?? '');
    expect(await harness.work()).toEqual([]);
    expect(harness.told('lia')[0]).toContain('was approved before you');
    expect(await decisions(requestId)).toHaveLength(2);
  });
});

describe('a pipeline that is content with a click', () => {
  it('takes it, and opens nothing', async () => {
    const { card, requestId } = await open('click');
    expect(buttonsOf(card)).toEqual(['Approve', 'Reject…']);
    expect(JSON.stringify(card.blocks)).toContain('Approve fraud-detection@4.1.2?');
    const at = { channel: APPROVALS, ts: card.ts, text: 'Approve' };
    await harness.slack.as(SLACK_USERS.lea).clickButton(at);
    expect(form('lea')).toBeUndefined();
    expect(await harness.work()).toEqual([]);
    expect(await decisions(requestId)).toHaveLength(1);
    expect(harness.told('lea')[0]).toContain('Recorded: you approved');
  });
});

describe('a pipeline that wants the end of the digest retyped', () => {
  it('says beside the field that it is wrong, and takes it once it is right', async () => {
    const { card, run, requestId } = await open('retype');
    const wrong = (await harness.approve('lea', card, { retype: '00000g' })) as Submission;
    expect(wrong.errors['retype']).toContain('not the last six characters');
    expect(await harness.work()).toEqual([]);
    expect(await decisions(requestId)).toEqual([]);
    const ending = ` ${endingOf(run.artifact.digest).toUpperCase()} `;
    const actor = harness.slack.as(SLACK_USERS.lea);
    const right = await actor.submitModal(form('lea')?.id ?? '', { retype: ending });
    expect(right.problem).toBeNull();
    await harness.approve('cora', card, { retype: endingOf(run.artifact.digest) });
    expect(await harness.work()).toEqual([]);
    expect((await decisions(requestId)).map(({ assurance }) => assurance)).toEqual([
      'slack_confirm',
      'slack_confirm',
    ]);
    expect(textOf(harness.now(card))).toContain('🟢 Approved');
    expect(await statusOf(run.artifact.digest)).toBe('governed');
  });

  it('does not take a form of a release that did not ask for it', async () => {
    const { card, requestId } = await open('retype');
    await harness.slack.rawRequest(harness.slack.sign(confirmationBody({ value: buttonValueOf(card) })));
    expect(await harness.work()).toEqual([]);
    expect(harness.told('lea')[0]).toContain('retypes the end of its digest');
    expect(await decisions(requestId)).toEqual([]);
  });

  it('lets people reject without it', async () => {
    const { card, run } = await open('retype');
    await harness.click('cora', card, 'Reject…');
    await harness.slack.as(SLACK_USERS.cora).submitModal(form('cora')?.id ?? '', { text: 'No.' });
    expect(await harness.work()).toEqual([]);
    expect(await statusOf(run.artifact.digest)).toBe('rejected');
  });
});

describe('the next version', () => {
  it('shows what changed since the last that was governed, as part of what is signed', async () => {
    const first = await open('confirm');
    expect(textOf(first.card)).toContain('No version of this model was governed before');
    await harness.click('lea', first.card);
    await harness.click('cora', first.card);
    const measurements = [{ name: 'largest_difference', value: 0.08, unit: 'ratio' }];
    const reports = { demographic_parity_within_threshold: { measurements } };
    const next = await harness.ask({ modelVersion: '4.2.0', reports });
    const text = textOf(next.card);
    expect(text).toContain('*Changed since 4.1.2*, governed');
    expect(text).toContain('not told by CI: code, data and config');
    expect(text).toContain('largest difference: none → *0.08*');
    const { request } = await approvalStatus(harness.story.context, next.requestId);
    expect(request.view.changes?.since.artifact).toBe(first.run.artifact.digest);
    expect(viewDigest(request.view)).toBe(request.viewDigest);
  });
});

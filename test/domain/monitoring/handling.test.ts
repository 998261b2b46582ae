import { describe, expect, it } from 'vitest';
import {
  changeOf,
  type FindingEvent,
  type FindingStep,
  handlingOf,
  isLoud,
  toldEvents,
} from '../../../src/domain/index.ts';
import { digest, FINDING } from '../../notify/samples.ts';

const at = (minute: number) => `2026-11-25T10:${String(minute).padStart(2, '0')}:00.000Z`;
const story = (...steps: FindingStep[]): FindingEvent[] =>
  steps.map((step, index) => ({ ...step, id: index + 1, at: at(index), person: 'lea' }));
const muted = { kind: 'muted', until: at(30), reason: 'known' } as const;
const changed = (worse: boolean) => ({ kind: 'changed', summary: 'otherwise', worse }) as const;
const [fired, acknowledged] = [{ kind: 'fired' }, { kind: 'acknowledged' }] as const;

describe('what people did about a finding', () => {
  it('is nothing at first', () => {
    expect(handlingOf(story(fired), at(5))).toEqual({
      acknowledged: null,
      mute: null,
      run: null,
      runAsked: null,
      escalated: null,
      held: null,
    });
  });

  it('is the last word of each kind', () => {
    const events = story(fired, acknowledged, muted, { ...muted, until: at(40), reason: 'still' });
    expect(handlingOf(events, at(5))).toMatchObject({
      acknowledged: { by: 'lea', at: at(1) },
      mute: { by: 'lea', at: at(3), until: at(40), reason: 'still' },
    });
  });

  it('a mute lasts until its time, to the instant', () => {
    expect(handlingOf(story(muted), at(29)).mute).not.toBeNull();
    expect(handlingOf(story(muted), at(30)).mute).toBeNull();
  });

  it.each([{ kind: 'unmuted' }, { kind: 'mute_ended' }, { kind: 'resolved' }, changed(true)] as const)(
    'a mute ends by $kind',
    (step) => {
      expect(handlingOf(story(muted, step), at(5)).mute).toBeNull();
    },
  );

  it('what gets worse is acknowledged by nobody, what only reads otherwise still is', () => {
    expect(handlingOf(story(acknowledged, changed(true)), at(5)).acknowledged).toBeNull();
    expect(handlingOf(story(acknowledged, muted, changed(false)), at(5))).toMatchObject({
      acknowledged: {},
      mute: {},
    });
  });

  it('a block is held until it is ordered, and let go by a word that what gets worse undoes', () => {
    const held = { kind: 'block_held', why: 'too many' } as const;
    const allowed = { kind: 'block_allowed' } as const;
    const blocked = (dryRun: boolean) => ({ kind: 'blocked', dryRun }) as const;
    const heldBy = (...steps: FindingStep[]) => handlingOf(story(...steps), at(9)).held;
    expect(heldBy(fired, held)).toEqual({ why: 'too many', allowed: null });
    expect(heldBy(held, allowed, blocked(true))?.allowed).toEqual({ by: 'lea', at: at(1) });
    expect(heldBy(held, allowed, changed(false))?.allowed).not.toBeNull();
    expect(heldBy(held, allowed, changed(true))).toEqual({ why: 'too many', allowed: null });
    expect(heldBy(held, allowed, held)?.allowed, 'held again').toBeNull();
    for (const over of [blocked(false), { kind: 'resolved' } as const])
      expect(heldBy(held, allowed, over)).toBeNull();
    expect(heldBy(allowed), 'nothing was held').toBeNull();
  });

  it('a run is asked for until it is queued or refused', () => {
    const asked = { kind: 'run_asked' } as const;
    expect(handlingOf(story(asked), at(5)).runAsked).toEqual({ by: 'lea', at: at(0) });
    const queued = { kind: 'run_queued', runId: 'two', ofRun: 'one' } as const;
    expect(handlingOf(story(asked, queued), at(5))).toMatchObject({ runAsked: null, run: { runId: 'two' } });
    expect(handlingOf(story(asked, { kind: 'run_refused', reason: 'no' }), at(5)).runAsked).toBeNull();
  });
});

describe('the story', () => {
  const kinds = (events: readonly FindingEvent[]) => events.map(({ kind }) => kind);

  it('begins when there is more to tell than that it fires', () => {
    expect(toldEvents(story(fired))).toEqual([]);
    expect(kinds(toldEvents(story(fired, acknowledged)))).toEqual(['fired', 'acknowledged']);
  });

  it('leaves out changes that a mute covers, and those alone', () => {
    const events = story(fired, changed(false), muted, changed(false), changed(true), changed(false));
    expect(toldEvents(events).map(({ id }) => id)).toEqual([1, 2, 3, 5, 6]);
  });

  it('is loud where what was quiet has to be looked at again', () => {
    const loud = story({ kind: 'mute_ended' }, changed(true)).map(isLoud);
    const quiet = story(fired, acknowledged, muted, changed(false), { kind: 'resolved' }).map(isLoud);
    expect([loud, new Set(quiet)]).toEqual([[true, true], new Set([false])]);
  });
});

describe('a change', () => {
  it('is none where only the advice or the way of looking is another', () => {
    const observation = { source: 'file', confidence: 'verified', how: 'hashed again' } as const;
    expect(changeOf(FINDING, { ...FINDING, remedy: 'another', observation })).toBeNull();
  });

  it.each([
    ['other bytes', { observed: digest('e') }, true],
    ['nothing that can be told any more', { observed: null }, false],
    ['another governed digest', { expected: digest('e') }, false],
    ['other words', { summary: 'otherwise' }, false],
    ['less severity', { severity: 'warning' as const }, false],
  ])('to %s', (_what, change, worse) => {
    expect(changeOf(FINDING, { ...FINDING, ...change })).toMatchObject({ kind: 'changed', worse });
  });

  it('to critical is worse', () => {
    expect(changeOf({ ...FINDING, severity: 'warning' }, FINDING)).toMatchObject({ worse: true });
  });
});

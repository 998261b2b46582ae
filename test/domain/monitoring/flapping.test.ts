import fc from 'fast-check';
import { expect, it } from 'vitest';
import { afterLook, type Finding, FLAPPING, type Instant, isKeptOpen } from '../../../src/domain/index.ts';
import { later, MINUTE } from '../../../src/lib/index.ts';
import { FINDING } from '../../notify/samples.ts';

/** What a look finds: nothing, a warning, something critical, or that nobody can tell. */
type Seen = 'nothing' | 'warning' | 'critical' | 'unseen';

/** A finding over many looks, and what was told of it. */
class Life {
  standing: Finding | null = null;
  readonly opened: Instant[] = [];
  readonly ended: Instant[] = [];

  look(seen: Seen, now: Instant): void {
    const found = seen === 'warning' || seen === 'critical' ? { ...FINDING, severity: seen } : null;
    const endings = this.ended.filter((at) => at > later(now, -FLAPPING.window)).length;
    const before = this.standing;
    const facts = { seen: found, isLooked: seen !== 'unseen', endings, now };
    this.standing = before === null ? found : afterLook(before, facts);
    if (before === null && this.standing !== null) this.opened.push(now);
    if (before !== null && this.standing === null) this.ended.push(now);
  }
}

const START = '2026-11-23T09:00:00.000Z';
const lookOf = (...kinds: readonly Seen[]) =>
  fc.record({ seen: fc.constantFrom(...kinds), after: fc.integer({ min: 1, max: 40 }) });
const looksOf = (...kinds: readonly Seen[]) => fc.array(lookOf(...kinds), { maxLength: 200 });

function live(
  looks: readonly { seen: Seen; after: number }[],
  check: (life: Life, seen: Seen) => void = () => {},
) {
  const life = new Life();
  let now = START;
  for (const { seen, after } of looks) {
    now = later(now, after * MINUTE);
    life.look(seen, now);
    check(life, seen);
  }
  return { life, now };
}

const ANY = looksOf('nothing', 'warning', 'critical', 'unseen');

it('what is critical is told at once as what it is, and nothing else is said to be so', () => {
  fc.assert(
    fc.property(ANY, (looks) => {
      live(looks, ({ standing }, seen) => {
        if (seen === 'critical' || seen === 'warning') expect(standing).toMatchObject({ severity: seen });
        if (seen === 'critical') expect(standing?.flapping).toBeUndefined();
      });
    }),
  );
});

it('what is only ever critical ends at once too, however often', () => {
  fc.assert(
    fc.property(looksOf('nothing', 'critical'), (looks) => {
      live(looks, ({ standing }, seen) => expect(standing === null).toBe(seen === 'nothing'));
    }),
  );
});

it('a warning begins so often within an hour and no more, whatever it does', () => {
  fc.assert(
    fc.property(looksOf('nothing', 'warning', 'unseen'), (looks) => {
      const { life } = live(looks);
      for (const at of life.opened) {
        const within = life.opened.filter((other) => other >= at && other < later(at, FLAPPING.window));
        expect(within.length).toBeLessThanOrEqual(FLAPPING.endings);
      }
    }),
  );
});

it('nothing ends unseen, and everything ends when it has stayed away', () => {
  fc.assert(
    fc.property(ANY, (looks) => {
      const { life, now } = live(looks, () => {});
      const stood = life.standing;
      life.look('unseen', later(now, MINUTE));
      expect(life.standing === null).toBe(stood === null);
      life.look('nothing', later(now, 2 * MINUTE));
      if (life.standing !== null) expect(isKeptOpen(life.standing)).toBe(true);
      life.look('nothing', later(now, 2 * MINUTE + FLAPPING.quiet));
      expect(life.standing).toBeNull();
    }),
  );
});

it('a clock that is set back keeps it open no longer', () => {
  const { life, now } = live(
    Array.from(
      { length: 6 },
      (_, index) => ({ seen: index % 2 === 0 ? 'warning' : 'nothing', after: 1 }) as const,
    ),
  );
  expect(life.standing?.flapping?.quietSince).toBe(now);
  const before = later(now, -120 * MINUTE);
  life.look('nothing', before);
  life.look('nothing', later(before, FLAPPING.quiet));
  expect(life.standing).toBeNull();
});

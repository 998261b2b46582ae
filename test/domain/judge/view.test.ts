import { describe, expect, it } from 'vitest';
import { SIGNS, type TrustedSigner } from '../../../src/domain/index.ts';
import { expectVerdict, governedWorld } from './expect-verdict.ts';
import { sayDecision, sayGoverned, sayRun } from './story.ts';
import { ARTIFACT, at, createWorld, OTHER, type World, withSigners } from './world.ts';

describe('a view of the ledger', () => {
  it('must be there', () => {
    expectVerdict(governedWorld().verdict({ view: null }), 'ungoverned', 'view_missing');
  });

  it('must be about these bytes', () => {
    const world = governedWorld();
    expectVerdict(world.verdict({ view: createWorld(OTHER).view() }), 'ungoverned', 'view_missing');
  });

  it.each(['worker', 'approvals', 'monitor', 'retired'] as const)(
    'does not count from the hand of %s',
    (by) => {
      const world = governedWorld();
      expectVerdict(world.verdict({ view: world.view({}, by) }), 'ungoverned', 'view_missing');
    },
  );

  it('is good until the instant it names, and not at it', () => {
    const world = governedWorld();
    const view = world.view({ validUntil: at(60) });
    expect(world.verdict({ view, now: '2026-11-23T09:59:59.999Z' }).allowed).toBe(true);
    expectVerdict(world.verdict({ view, minute: 60 }), 'ungoverned', 'view_stale');
  });

  it('may be a minute ahead of our clock, and no more', () => {
    const world = governedWorld();
    const view = world.view({ issuedAt: at(60) });
    expect(world.verdict({ view, minute: 59 }).allowed).toBe(true);
    expectVerdict(world.verdict({ view, now: '2026-11-23T09:58:59.999Z' }), 'ungoverned', 'view_stale');
  });

  it('does not count from a key whose time has ended, however it dates itself', () => {
    const policy = withSigners((signer) =>
      signer.name === 'ledger' ? { ...signer, validUntil: at(60) } : signer,
    );
    const world = createWorld(ARTIFACT, policy);
    sayGoverned(world);
    expect(world.verdict({ minute: 59 }).allowed).toBe(true);
    expectVerdict(world.verdict({ minute: 60 }), 'ungoverned', 'view_missing');
    expectVerdict(
      world.verdict({ view: world.view({ issuedAt: at(-2000) }), minute: 20 }),
      'ungoverned',
      'view_missing',
    );
  });

  it('lists what must be presented', () => {
    const world = governedWorld();
    world.said.forEach((dropped) => {
      const statements = world.said.filter((statement) => statement !== dropped);
      const verdict = world.verdict({ statements });
      expectVerdict(verdict, 'ungoverned', 'statement_missing');
      expect(verdict.reasons[0]?.statement).toBe(dropped.id);
    });
  });

  it('does not know what it does not list', () => {
    const world = createWorld();
    const asked = sayRun(world);
    const view = world.view();
    sayDecision(world, asked, 'lea');
    sayDecision(world, asked, 'cora');
    expectVerdict(world.verdict({ view }), 'pending', 'approval_missing');
  });

  it('is followed in the order of its indexes, however it lists them', () => {
    const world = createWorld();
    const asked = sayRun(world);
    for (const person of ['lea', 'liam', 'cora']) sayDecision(world, asked, person);
    const view = world.view({ statements: [...world.entries].reverse() });
    expect(world.verdict({ view }).basis?.approvals).toEqual(world.verdict().basis?.approvals);
  });
});

describe('what is witnessed of a view', () => {
  const unwitnessed = (changes: Parameters<World['verdict']>[0], about: string | RegExp) => {
    const verdict = governedWorld().verdict(changes);
    expectVerdict(verdict, 'ungoverned', 'view_unwitnessed');
    expect(verdict.reasons[0]?.message).toMatch(about);
  };

  it('must be there, unless whoever judges has made the view', () => {
    unwitnessed({ witness: null }, 'the monitor has not witnessed the ledger view');
    expect(governedWorld().verdict({ witness: 'made_here' }).allowed).toBe(true);
  });

  it('is not enough where whoever judges has made the view, and does not believe the ledger', () => {
    const witness = { kind: 'doubt', why: 'it was rolled back' } as const;
    const verdict = governedWorld().verdict({ witness });
    expectVerdict(verdict, 'ungoverned', 'ledger_doubted');
    expect(verdict.reasons[0]?.message).toBe('the ledger is not believed: it was rolled back');
  });

  it('must be about this very view', () => {
    const world = governedWorld();
    const later = world.view({ issuedAt: at(70) });
    unwitnessed({ witness: world.witness(later) }, 'another ledger view');
    const about = { artifact: OTHER.digest };
    unwitnessed({ witness: world.witness(world.view(), about) }, 'another ledger view');
  });

  it.each(['worker', 'approvals', 'ledger', 'retired'] as const)(
    'does not count from the hand of %s',
    (by) => {
      const world = governedWorld();
      unwitnessed(
        { witness: world.witness(world.view(), {}, by) },
        'by a key that the trust policy does not allow',
      );
    },
  );

  it('does not count from a key that may sign views too', () => {
    const world = governedWorld();
    for (const name of ['ledger', 'monitor'] as const) {
      const both = withSigners((signer) =>
        signer.name === name ? { ...signer, predicates: [...SIGNS.ledger, ...SIGNS.monitor] } : signer,
      );
      const own = name === 'ledger' ? { witness: world.witness(world.view(), {}, 'ledger') } : {};
      const { trust } = world.input();
      const verdict = world.verdict({ ...own, trust: { ...trust, policy: both } });
      expect(verdict.reasons[0]?.code).toBe(name === 'ledger' ? 'view_missing' : 'view_unwitnessed');
    }
  });

  it('does not count from a key that has ended, was stolen, or that no policy names', () => {
    const world = governedWorld();
    const { trust } = world.input();
    const under = (change: Partial<TrustedSigner>) => ({
      trust: {
        ...trust,
        policy: withSigners((signer) => (signer.name === 'monitor' ? { ...signer, ...change } : signer)),
      },
    });
    unwitnessed(under({ validUntil: at(1) }), 'by a key that the trust policy does not allow');
    unwitnessed(under({ revoked: { from: at(900), reason: 'stolen' } }), 'by a key that the trust policy');
    unwitnessed(under({ predicates: ['renewal/v1'] }), 'lets nobody witness ledger views');
  });

  it('was said while the view was good', () => {
    const world = governedWorld();
    const view = world.view({ validUntil: at(60) });
    for (const minute of [-5, 60])
      unwitnessed(
        { view, witness: world.witness(view, { witnessedAt: at(minute) }), minute: 59 },
        'was not good',
      );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provenanceOf } from '../../src/bot/origin.ts';

const OWN = { team: 'T0OURS', appId: 'A0OURS' };
const app = { api_app_id: 'A0OURS' };

describe('a payload', () => {
  it.each([
    ['an interaction', { ...app, team: { id: 'T0OURS' }, user: { id: 'U1', team_id: 'T0OURS' } }, 'ours'],
    [
      "an interaction without the person's team",
      { ...app, team: { id: 'T0OURS' }, user: { id: 'U1' } },
      'ours',
    ],
    ['a command or event', { ...app, team_id: 'T0OURS' }, 'ours'],
    ['another app', { api_app_id: 'A0THEIRS', team_id: 'T0OURS' }, 'foreign_app'],
    ['no app', { team_id: 'T0OURS' }, 'foreign_app'],
    ['another workspace', { ...app, team: { id: 'T0THEIRS' }, user: { id: 'U1' } }, 'foreign_workspace'],
    [
      'a guest',
      { ...app, team: { id: 'T0OURS' }, user: { id: 'U1', team_id: 'T0THEIRS' } },
      'foreign_workspace',
    ],
    ['no workspace', { ...app, user: { id: 'U1' } }, 'foreign_workspace'],
    ['no object', 'T0OURS', 'foreign_app'],
  ])('of %s', (_name, body, provenance) => {
    expect(provenanceOf(body, OWN)).toBe(provenance);
  });

  it('of any shape is ours only if app and every team are', () => {
    const id = fc.constantFrom('T0OURS', 'T0THEIRS', '', null, undefined);
    const body = fc.record({
      api_app_id: fc.constantFrom('A0OURS', 'A0THEIRS', undefined),
      team_id: id,
      team: fc.oneof(fc.constant(null), fc.record({ id: fc.constantFrom('T0OURS', 'T0THEIRS') })),
      user: fc.oneof(fc.constant(null), fc.record({ team_id: id })),
    });
    fc.assert(
      fc.property(body, (any) => {
        if (provenanceOf(any, OWN) !== 'ours') return;
        expect(any.api_app_id).toBe('A0OURS');
        expect(JSON.stringify(any)).not.toContain('T0THEIRS');
        expect(JSON.stringify(any)).toContain('T0OURS');
      }),
      { numRuns: 500 },
    );
  });
});

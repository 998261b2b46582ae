import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atHome, provenanceOf } from '../../src/bot/origin.ts';
import { readClick, readCommand } from '../../src/bot/payload.ts';

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
    [
      'a workspace of an organisation, where the person is of the organisation',
      { ...app, team: { id: 'T0OURS', enterprise_id: 'E0ORG' }, user: { id: 'U1', team_id: 'E0ORG' } },
      'ours',
    ],
    [
      'somebody of another organisation',
      { ...app, team: { id: 'T0OURS', enterprise_id: 'E0ORG' }, user: { id: 'U1', team_id: 'E0OTHER' } },
      'foreign_workspace',
    ],
    [
      'another workspace of the same organisation',
      { ...app, team: { id: 'T0OTHER', enterprise_id: 'E0ORG' }, user: { id: 'U1', team_id: 'E0ORG' } },
      'foreign_workspace',
    ],
    [
      'an organisation, for a bot of one workspace',
      {
        ...app,
        team: null,
        is_enterprise_install: true,
        enterprise: { id: 'E0ORG' },
        user: { id: 'U1', team_id: 'E0ORG' },
      },
      'foreign_workspace',
    ],
  ])('of %s', (_name, body, provenance) => {
    expect(provenanceOf(body, OWN)).toBe(provenance);
  });

  const ORG = { team: 'E0ORG', appId: 'A0OURS' };
  const ofOrg = { ...app, is_enterprise_install: true, enterprise: { id: 'E0ORG' } };

  it.each([
    ['no workspace named', { ...ofOrg, team: null, user: { id: 'U1', team_id: 'E0ORG' } }, 'ours'],
    ['a workspace of it', { ...ofOrg, team: { id: 'T1' }, user: { id: 'U1', team_id: 'T1' } }, 'ours'],
    ['a command', { ...app, team_id: 'T1', enterprise_id: 'E0ORG', user_id: 'U1' }, 'ours'],
    ['an event', { ...app, team_id: 'T1', context_enterprise_id: 'E0ORG' }, 'ours'],
    [
      'a person of another',
      { ...ofOrg, team: null, user: { id: 'U1', team_id: 'E0X' } },
      'foreign_workspace',
    ],
    ['another one', { ...ofOrg, enterprise: { id: 'E0X' }, user: { id: 'U1' } }, 'foreign_workspace'],
    [
      'two named',
      { ...ofOrg, team: { id: 'T1', enterprise_id: 'E0X' }, user: { id: 'U1' } },
      'foreign_workspace',
    ],
    ['none named', { ...app, team: { id: 'T1' }, user: { id: 'U1', team_id: 'T1' } }, 'foreign_workspace'],
    ['another app', { ...ofOrg, api_app_id: 'A0X' }, 'foreign_app'],
  ])('to a bot of an organisation: %s', (_name, body, provenance) => {
    expect(provenanceOf(body, ORG)).toBe(provenance);
  });

  it.each(['T0OURS', 'E0ORG'])('is read as of %s, whatever Slack called the home of its person', (team) => {
    const click = {
      team: null,
      user: { id: 'U1', team_id: 'E0ORG' },
      actions: [{ action_id: 'a', action_ts: '1' }],
    };
    expect(readClick(atHome(click, { ...OWN, team }))?.account).toEqual({ team, user: 'U1' });
    const call = { team_id: 'T1', user_id: 'U1', channel_id: 'C1', response_url: 'https://slack.example/r' };
    expect(readCommand(atHome(call, { ...OWN, team }))?.account).toEqual({ team, user: 'U1' });
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

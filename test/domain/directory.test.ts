import { describe, expect, it } from 'vitest';
import { createDirectory, peopleOf, subjectsOf } from '../../src/domain/index.ts';

const ADA = {
  id: 'ada',
  name: 'Ada',
  slack: [{ team: 'T1', user: 'U1' }],
  git: ['Ada@Example.org'],
  ci: ['Build-Bot'],
};
const directory = createDirectory(peopleOf([{ id: 'ada', roles: [] }]), [ADA]);

describe('principal', () => {
  it('finds the person behind every account', () => {
    for (const subject of subjectsOf(ADA))
      expect(directory.principal(subject)).toEqual({ subject, person: 'ada' });
  });

  it.each(['git:ada@example.org', 'git:Ada@Example.org', 'git:ADA@EXAMPLE.ORG'])(
    'takes %s for the same account, and spells it as it is stored',
    (subject) =>
      expect(directory.principal(subject)).toEqual({ subject: 'git:ada@example.org', person: 'ada' }),
  );

  it.each(['ci:build-bot', 'slack:t1/u1', 'person:Ada', 'GIT:ada@example.org', 'ada@example.org', 'git:'])(
    'takes nothing else for what it is not: %s',
    (subject) => expect(directory.principal(subject)).toEqual({ subject, person: null }),
  );
});

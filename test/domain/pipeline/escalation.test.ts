import { describe, expect, it } from 'vitest';
import { parsePipeline } from '../../../src/domain/index.ts';

const STAGES = `stages:
  - name: risk_classification
    checks: [risk_tier_assigned]
  - name: human_approval
    approval_roles: [ml_lead]
`;
const escalationIn = (approval: string) => {
  const result = parsePipeline(`${approval}${STAGES}`, 'p.yaml');
  if (!result.ok) return result.problems.map(({ where, message }) => `${where} ${message}`);
  const stage = result.value.stages.at(-1);
  return stage?.kind === 'approval' ? stage.escalation : null;
};

describe('how a pipeline escalates', () => {
  it('reminds twice and brings in backups when an answer was due, unless it says otherwise', () => {
    expect(escalationIn('')).toEqual({
      workingHours: null,
      reminders: [0.5, 0.9],
      levels: [{ after: 1, backups: true, people: [], channel: null }],
      askingHours: null,
    });
  });

  it('knows working hours, for the time that passes and for whom it asks', () => {
    expect(
      escalationIn(`approval:
  time: business
  ask_in_working_hours_only: true
  working_hours: { time_zone: Europe/Berlin, from: "08:30", until: "24:00", holidays: ["2026-12-25"] }
  reminders: []
  escalation: [{ people: [ana], channel: "#governance" }]
`),
    ).toMatchObject({
      workingHours: { timeZone: 'Europe/Berlin', from: 510, until: 1440, holidays: ['2026-12-25'] },
      askingHours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'] },
      reminders: [],
      levels: [{ after: 1, backups: false, people: ['ana'], channel: '#governance' }],
    });
  });

  it.each([
    ['approval: { time: business }\n', 'business time needs working_hours'],
    ['approval: { ask_in_working_hours_only: true }\n', 'it needs working_hours'],
    ['approval: { working_hours: { time_zone: Mars } }\n', 'expected a time zone such as Europe/Berlin'],
    [
      'approval: { working_hours: { time_zone: UTC, from: "17:00", until: "09:00" } }\n',
      'working hours end before they begin',
    ],
    ['approval: { working_hours: { time_zone: UTC, from: "9am" } }\n', 'expected a time such as "09:00"'],
    ['approval: { reminders: [0] }\n', 'reminders'],
  ])('refuses %s', (approval, message) => {
    expect(escalationIn(approval)).toEqual([expect.stringContaining(message)]);
  });
});

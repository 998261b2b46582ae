import { z } from 'zod';
import { isTimeZone } from '../../lib/index.ts';
import type { EscalationPolicy } from '../escalation/policy.ts';
import { minuteOf, WEEKDAYS, type WorkingHours } from '../escalation/working-hours.ts';
import { PersonId } from '../person.ts';

const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected a time such as "09:00"');
const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date such as "2026-12-25"');

const WorkingHoursEntry = z.strictObject({
  time_zone: z
    .string()
    .refine(isTimeZone, 'expected a time zone such as Europe/Berlin')
    .describe('The clocks that count, by their IANA name.'),
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .default(['mon', 'tue', 'wed', 'thu', 'fri'])
    .describe('Days on which people work.'),
  from: Clock.default('09:00').describe('When they begin.'),
  until: Clock.default('17:00').describe('When they end.'),
  holidays: z.array(Day).max(100).default([]).describe('Dates on which nobody works.'),
});

const Level = z.strictObject({
  after: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .describe('When, in multiples of `sla_hours` since the request: 1 is when an answer was due.'),
  backups: z.boolean().default(false).describe('Whether those who hold a role as a backup are asked.'),
  people: z
    .array(PersonId)
    .max(50)
    .default([])
    .describe('Person ids of those who are asked too, as far as they can decide.'),
  channel: z.string().min(1).max(80).optional().describe('Channel, by id or name, that is told.'),
});

/** Keys of a pipeline's `approval` section that say when time passes, who is reminded, and who comes in. */
export const EscalationFields = {
  time: z
    .enum(['wall', 'business'])
    .default('wall')
    .describe('Whether `sla_hours` pass always, or within `working_hours` only.'),
  working_hours: WorkingHoursEntry.optional().describe('When people work.'),
  reminders: z
    .array(z.number().positive().max(100))
    .max(20)
    .default([0.5, 0.9])
    .describe(
      'When those who were asked are reminded, in fractions of `sla_hours` since the request; `[]` for never.',
    ),
  escalation: z
    .array(Level)
    .max(20)
    .default([{ after: 1, backups: true, people: [] }])
    .describe(
      'Who comes in when nobody answers, level by level; `[]` for nobody. By default backups, when an answer was due.',
    ),
  ask_in_working_hours_only: z
    .boolean()
    .default(false)
    .describe(
      'Whether people are asked in `working_hours` only, on the clocks of their own time zone (`people[].time_zone`, else that of their Slack profile); outside of them, as soon as these begin.',
    ),
} as const;

const Escalation = z.strictObject(EscalationFields);
type Escalation = z.infer<typeof Escalation>;

/** What no single field shows. */
export function checkEscalation(approval: Escalation, context: z.RefinementCtx): void {
  const problem = (path: string[], message: string) =>
    context.addIssue({ code: 'custom', path, message, input: approval });
  const { working_hours: hours, time, ask_in_working_hours_only: quiet } = approval;
  if (hours === undefined && time === 'business') problem(['time'], 'business time needs working_hours');
  if (hours === undefined && quiet) problem(['ask_in_working_hours_only'], 'it needs working_hours');
  if (hours !== undefined && minuteOf(hours.from) >= minuteOf(hours.until))
    problem(['working_hours', 'until'], 'working hours end before they begin; they do not go over midnight');
}

/** How a pipeline's approval is escalated. */
export function escalationOf(approval: Escalation): EscalationPolicy {
  const hours = approval.working_hours === undefined ? null : workingHoursOf(approval.working_hours);
  return {
    workingHours: approval.time === 'business' ? hours : null,
    reminders: approval.reminders,
    levels: approval.escalation.map((level) => ({ ...level, channel: level.channel ?? null })),
    askingHours: approval.ask_in_working_hours_only ? hours : null,
  };
}

function workingHoursOf({
  time_zone: timeZone,
  days,
  from,
  until,
  holidays,
}: z.infer<typeof WorkingHoursEntry>): WorkingHours {
  return { timeZone, days, from: minuteOf(from), until: minuteOf(until), holidays };
}

import type { CheckProblem } from '../../domain/index.ts';
import { placeholderReason } from '../placeholder.ts';
import { problem, quoted } from '../report.ts';
import { isDay } from './day.ts';
import { type DataRecord, type Hold, type Retention, slugOf } from './record.ts';

/** When a retention period ends, as far as that can be computed. */
export interface Deadline {
  /** The last day on which the data may be there, `YYYY-MM-DD`. */
  readonly day?: string;
  readonly daysLeft?: number;
  readonly problems: readonly CheckProblem[];
  readonly missing: readonly CheckProblem[];
  readonly warnings: readonly CheckProblem[];
}

/**
 * The earliest of the ends that are stated and the operator's maximum. A stated period runs from its stated start, else
 * from when the snapshot was made; the maximum always runs from the earlier of both, for no later start makes old data
 * young. ISO 8601 durations are calendar arithmetic in UTC: a month after 31 January is the last of February.
 */
export async function deadlineOf(
  record: DataRecord & { readonly retention: Retention },
  today: string,
  maximum?: string,
): Promise<Deadline> {
  const { DateTime } = await import('luxon');
  const { retention, where } = record;
  const start = oldestOf(record);
  const stated = await statedEnds(retention, record.created, today);
  if (stated.problems.length > 0 || (maximum === undefined && stated.days.length === 0))
    return { problems: stated.problems, missing: stated.missing, warnings: [] };
  if (maximum !== undefined && start === undefined) {
    const message = `may be kept for ${maximum} (maximum_duration), but does not say when the snapshot was made`;
    const missing = [problem(where, message, 'state dateCreated, or start_date')];
    return { problems: [], missing, warnings: [] };
  }
  const limit = maximum === undefined || start === undefined ? undefined : await endOf(start, maximum);
  const over = stated.days.find((day) => limit !== undefined && day > limit);
  const [day] = [...stated.days, ...(limit === undefined ? [] : [limit])].sort();
  const left = (end: string) =>
    Math.round(
      DateTime.fromISO(end, { zone: 'utc' }).diff(DateTime.fromISO(today, { zone: 'utc' }), 'days').days,
    );
  return {
    ...(day === undefined ? {} : { day, daysLeft: left(day) }),
    missing: stated.missing,
    warnings: laterStart(record),
    problems:
      over === undefined
        ? []
        : [
            problem(
              retention.where,
              `keeps the data until ${over}, longer than ${maximum} from ${start} (maximum_duration)`,
              `shorten the period to ${maximum}, or have the operator allow more`,
            ),
          ],
  };
}

/** A period that began long after the data were there is not wrong, and is for a person to look at. */
function laterStart({ retention, created }: DataRecord & { readonly retention: Retention }): CheckProblem[] {
  const { where, startDate, startEvent } = retention;
  const [from, since] = [startDate?.slice(0, 10), created?.slice(0, 10)];
  if (from === undefined || since === undefined || from <= since) return [];
  const event = startEvent === undefined ? '' : ` (${quoted(startEvent)})`;
  return [
    problem(
      where,
      `counts from ${from}${event}, though the snapshot was made on ${since}`,
      'start the period when the snapshot was made, or let a person judge the later start',
    ),
  ];
}

/** The earliest day of which the rule speaks; undefined where neither the snapshot nor a start is dated. */
function oldestOf({
  retention,
  created,
}: DataRecord & { readonly retention: Retention }): string | undefined {
  const days = [retention.startDate, created].map((date) => date?.slice(0, 10) ?? '').filter(isDay);
  return days.sort()[0];
}

interface StatedEnds extends Pick<Deadline, 'problems' | 'missing'> {
  readonly days: readonly string[];
}

/** The ends that a rule states: a day, a duration, or both. */
async function statedEnds(
  { where: at, duration, endDate, startDate }: Retention,
  created: string | undefined,
  today: string,
): Promise<StatedEnds> {
  const { Duration } = await import('luxon');
  const wrong = (message: string, remedy: string) => ({
    days: [],
    problems: [problem(at, message, remedy)],
    missing: [],
  });
  const fixed = endDate?.slice(0, 10);
  if (fixed !== undefined && !isDay(fixed))
    return wrong(`the end ${quoted(fixed)} is no day`, 'write it as 2027-11-02');
  const days = fixed === undefined ? [] : [fixed];
  if (duration === undefined) return { days, problems: [], missing: [] };
  const read = Duration.fromISO(duration);
  if (!read.isValid || !(read.toMillis() > 0))
    return wrong(
      `${quoted(duration)} is no ISO 8601 duration longer than nothing`,
      'write P18M, P3Y or P90D',
    );
  const start = (startDate ?? created)?.slice(0, 10);
  if (start === undefined || !isDay(start)) {
    const message = `says ${duration}, but neither when that starts nor when the snapshot was made`;
    return { days: [], problems: [], missing: [problem(at, message, 'state dateCreated, or start_date')] };
  }
  if (start > today)
    return wrong(
      `the period starts on ${start}, after ${today}`,
      'correct start_date, or the day of the snapshot',
    );
  const end = await endOf(start, duration);
  return end === undefined
    ? wrong(`${duration} from ${start} is no day`, 'state a shorter period')
    : { days: [...days, end], problems: [], missing: [] };
}

async function endOf(start: string, duration: string): Promise<string | undefined> {
  const { DateTime, Duration } = await import('luxon');
  const end = DateTime.fromISO(start, { zone: 'utc' }).plus(Duration.fromISO(duration));
  return end.isValid ? (end.toISODate() ?? undefined) : undefined;
}

/** What a rule of retention must say beside its period. */
export function ruleProblems(retention: Retention): CheckProblem[] {
  const { where, duration, endEvent, endDate } = retention;
  const fields = [
    ['startEvent', 'what starts the period'],
    ['deletion', 'how the data are deleted'],
    ['owner', 'who answers for the deletion'],
  ] as const;
  return [
    ...(duration === undefined && endDate === undefined && isBare(endEvent)
      ? [
          problem(
            where,
            'has neither an end nor a criterion for it',
            'state an ISO 8601 duration or the end event',
          ),
        ]
      : []),
    ...fields
      .filter(([field]) => isBare(retention[field]))
      .map(([, what]) => problem(where, `does not say ${what}`, `write ${what}`)),
  ];
}

function isBare(text: string | undefined): boolean {
  return text === undefined || placeholderReason(text) !== undefined;
}

/** A hold keeps documents, such as those of Art. 18 AI Act for ten years; it is no reason to keep the data. */
export function holdProblems({ names, files }: DataRecord, { where, holds }: Retention): CheckProblem[] {
  const data = new Set([...names, ...files.map(({ name }) => name)].map(slugOf));
  const isData = (name: string) =>
    data.has(slugOf(name)) || /^(?:all|the|training|raw)?\s*data(?:set)?s?$/i.test(name.trim());
  return holds.flatMap((hold: Hold) => {
    if (isBare(hold.reason))
      return [
        problem(
          where,
          'a hold gives no reason',
          'say why the documents are kept longer, such as Art. 18 AI Act',
        ),
      ];
    if (hold.documents.length === 0)
      return [
        problem(
          where,
          `the hold ${quoted(hold.reason)} names no document`,
          'name the documents, not the data',
        ),
      ];
    const bare = hold.documents.filter(isBare);
    if (bare.length > 0)
      return [
        problem(
          where,
          `the hold ${quoted(hold.reason)} names a document ${quoted(bare[0] ?? '')} that says nothing`,
          'name the documents that are kept',
        ),
      ];
    return hold.documents
      .filter(isData)
      .map((name) =>
        problem(
          where,
          `the hold ${quoted(hold.reason)} keeps ${quoted(name)}, which is the data`,
          'hold documents only, and let the data go',
        ),
      );
  });
}

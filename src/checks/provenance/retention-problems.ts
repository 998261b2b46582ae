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
}

/** ISO 8601 durations are calendar arithmetic in UTC: a month after 31 January is the last of February. */
export async function deadlineOf(
  { retention, created, where }: DataRecord & { readonly retention: Retention },
  today: string,
  maximum?: string,
): Promise<Deadline> {
  const { DateTime, Duration } = await import('luxon');
  const at = retention.where;
  const none = { problems: [], missing: [] };
  const stated = retention.duration;
  const fixed = retention.endDate?.slice(0, 10);
  if (fixed !== undefined && !isDay(fixed))
    return { ...none, problems: [problem(at, `the end ${quoted(fixed)} is no day`)] };
  const left = (day: string) =>
    Math.round(
      DateTime.fromISO(day, { zone: 'utc' }).diff(DateTime.fromISO(today, { zone: 'utc' }), 'days').days,
    );
  if (stated === undefined)
    return fixed === undefined ? none : { ...none, day: fixed, daysLeft: left(fixed) };
  const duration = Duration.fromISO(stated);
  if (!duration.isValid || !(duration.toMillis() > 0)) {
    const message = `${quoted(stated)} is no ISO 8601 duration longer than nothing`;
    return { ...none, problems: [problem(at, message, 'write P18M, P3Y or P90D')] };
  }
  const start = (retention.startDate ?? created)?.slice(0, 10);
  if (start === undefined || !isDay(start)) {
    const message = `says ${stated}, but neither when that starts nor when the snapshot was made`;
    return { ...none, missing: [problem(where, message, 'state dateCreated, or start_date')] };
  }
  if (start > today)
    return { ...none, problems: [problem(at, `the period starts on ${start}, after ${today}`)] };
  const begin = DateTime.fromISO(start, { zone: 'utc' });
  const end = begin.plus(duration);
  const ends = end.isValid ? (end.toISODate() ?? undefined) : undefined;
  if (ends === undefined) return { ...none, problems: [problem(at, `${stated} from ${start} is no day`)] };
  const limit = maximum === undefined ? undefined : begin.plus(Duration.fromISO(maximum)).toISODate();
  const over =
    limit !== undefined &&
    limit !== null &&
    end.toMillis() > DateTime.fromISO(limit, { zone: 'utc' }).toMillis();
  const day = fixed !== undefined && fixed < ends ? fixed : ends;
  return {
    day,
    daysLeft: left(day),
    missing: [],
    problems: over
      ? [problem(at, `keeps the data for ${stated}, longer than ${maximum} (maximum_duration)`)]
      : [],
  };
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
      .map(([, what]) => problem(where, `does not say ${what}`)),
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
    if (isBare(hold.reason)) return [problem(where, 'a hold gives no reason')];
    if (hold.documents.length === 0)
      return [
        problem(
          where,
          `the hold ${quoted(hold.reason)} names no document`,
          'name the documents, not the data',
        ),
      ];
    return hold.documents
      .filter(isData)
      .map((name) =>
        problem(where, `the hold ${quoted(hold.reason)} keeps ${quoted(name)}, which is the data`),
      );
  });
}

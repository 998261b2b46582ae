const MOMENT = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/i;

/**
 * A point in time as people write it: RFC 3339 with an offset, or a date, which stands for its beginning in UTC. Null for
 * anything else.
 */
export function readMoment(text: string): string | null {
  const [, date, time] = MOMENT.exec(text) ?? [];
  if (date === undefined) return null;
  const moment = Date.parse(time === undefined ? `${date}T00:00:00Z` : text);
  const isDay = new Date(Date.parse(`${date}T00:00:00Z`)).toJSON()?.startsWith(date) === true;
  return Number.isNaN(moment) || !isDay ? null : new Date(moment).toISOString();
}

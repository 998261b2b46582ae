const formats: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
};

/** A point in time in words, in an IANA time zone; UTC where the zone is unknown. */
export function inWords(seconds: number, format: Intl.DateTimeFormatOptions, timeZone: string): string {
  const date = new Date(seconds * 1000);
  try {
    return new Intl.DateTimeFormat('en-GB', { ...format, timeZone }).format(date);
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...format, timeZone: 'UTC' }).format(date);
  }
}

/** What a wall clock shows, as a browser's date and time field has it: `2026-11-23T10:05`. */
export function wallClock(seconds: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(new Date(seconds * 1000)).replace(' ', 'T');
}

/** The Unix time at which a wall clock shows this; of two such times, one. NaN where it is no date and time. */
export function secondsAt(wall: string, timeZone: string): number {
  const asUtc = Date.parse(`${wall}Z`) / 1000;
  if (Number.isNaN(asUtc)) return asUtc;
  const behind = (seconds: number) => Date.parse(`${wallClock(seconds, timeZone)}Z`) / 1000 - seconds;
  return asUtc - behind(asUtc - behind(asUtc));
}

/** Fills Slack's date tokens (`{date_short}`, `{time}`, `{ago}`, …) for a reader; `_pretty` says today where it is. */
export function fillDateTokens(
  template: string,
  seconds: number,
  reader: { readonly timeZone: string; readonly now: number },
): string {
  return template.replaceAll(/\{([a-z_]+)\}/g, (token, name: string) => {
    if (name === 'ago') return ago(seconds - reader.now);
    const format = formats[name.replace(/_pretty$/, '')];
    if (format === undefined) return token;
    const near = name.endsWith('_pretty') ? nearDay(seconds, reader) : undefined;
    return near ?? inWords(seconds, format, reader.timeZone);
  });
}

function nearDay(
  seconds: number,
  { timeZone, now }: { readonly timeZone: string; readonly now: number },
): string | undefined {
  const day = (time: number) => inWords(time, { dateStyle: 'short' }, timeZone);
  const offsets = new Map([
    [day(now), 'today'],
    [day(now - 86_400), 'yesterday'],
    [day(now + 86_400), 'tomorrow'],
  ]);
  return offsets.get(day(seconds));
}

function ago(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ] as const;
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return new Intl.RelativeTimeFormat('en').format(Math.trunc(seconds / size), unit);
}

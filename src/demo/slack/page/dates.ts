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

/** Fills Slack's date tokens (`{date_short}`, `{time}`, with or without `_pretty`). */
export function fillDateTokens(template: string, seconds: number, timeZone: string): string {
  return template.replaceAll(/\{([a-z_]+)\}/g, (token, name: string) => {
    const format = formats[name.replace(/_pretty$/, '')];
    return format === undefined ? token : inWords(seconds, format, timeZone);
  });
}

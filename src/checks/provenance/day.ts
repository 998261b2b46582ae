const DAY = /^\d{4}-\d{2}-\d{2}/;

/** Whether a text starts with a day that the calendar has. */
export function isDay(text: string): boolean {
  const day = DAY.exec(text)?.[0];
  if (day === undefined) return false;
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

/** Series of a text exposition: `name{labels}` → value. Labels are sorted; samples of histograms are series too. */
export function seriesOf(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [sortLabels(line.slice(0, end)), Number(line.slice(end + 1))];
    }),
  );
}

function sortLabels(series: string): string {
  const [, name, labels] = /^([^{]+)\{(.*)\}$/s.exec(series) ?? [];
  if (name === undefined || labels === undefined) return series;
  const pairs = [...labels.matchAll(/\w+="(?:[^"\\]|\\.)*"/g)].map(([pair]) => pair);
  return `${name}{${pairs.sort().join(',')}}`;
}

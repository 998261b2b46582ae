/** A failure mode as the card documents it, part by part; a part that is not labelled is undefined. */
export interface FailureMode {
  readonly when?: string;
  readonly effect?: string;
  readonly severity?: string;
  readonly mitigation?: string;
}

/** Labels by which a limitation names its parts, each with the words accepted for it. */
const LABELS: Readonly<Record<string, keyof FailureMode>> = {
  when: 'when',
  condition: 'when',
  effect: 'effect',
  consequence: 'effect',
  severity: 'severity',
  mitigation: 'mitigation',
};
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

const LABEL = /(?:^|[;\n])[ \t]{0,80}(when|condition|effect|consequence|severity|mitigation)[ \t]{0,20}:/gi;

/** Splits `When: …; Effect: …; Severity: …; Mitigation: …` into its parts, in any order. The first of a kind counts. */
export function parseFailureMode(text: string): FailureMode {
  const marks = [...text.matchAll(LABEL)];
  const parts = marks.map((mark, index) => {
    const label = LABELS[(mark[1] ?? '').toLowerCase()] ?? 'when';
    const end = marks[index + 1]?.index ?? text.length;
    return [
      label,
      text
        .slice(mark.index + mark[0].length, end)
        .trim()
        .replace(/;$/, ''),
    ] as const;
  });
  return Object.fromEntries(parts.reverse().filter(([, part]) => part !== ''));
}

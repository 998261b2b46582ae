import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

/** An alert rule as a rule file has it. */
export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly interval?: string;
    readonly rules: readonly Rule[];
  }[];
}

export const RULES = fileURLToPath(new URL('../../deploy/prometheus/governance-rules.yaml', import.meta.url));

export async function readRules(): Promise<RuleFile> {
  return parse(await readFile(RULES, 'utf8'));
}

/** The text of a rule file with the same expressions, evaluated as often as may be, without the minutes that they wait. */
export async function rulesWithoutDelay(): Promise<string> {
  const { groups } = await readRules();
  return stringify({
    groups: groups.map(({ name, rules }) => ({ name, rules: rules.map((rule) => ({ ...rule, for: '0s' })) })),
  });
}

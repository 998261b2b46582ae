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

/** The rules of the specification. */
export const RULES = ruleFile('governance-rules.yaml');
/** Their sturdier forms, and those about the watching itself. */
export const ALERTS = ruleFile('governance-alerts.yaml');

function ruleFile(name: string): string {
  return fileURLToPath(new URL(`../../deploy/prometheus/${name}`, import.meta.url));
}

/** The file with the unit tests of a rule file. */
export function testsOf(rules: string): string {
  return rules.replace('.yaml', '.test.yaml');
}

export async function readRules(file = RULES): Promise<RuleFile> {
  return parse(await readFile(file, 'utf8'));
}

/** The text of a rule file with the same expressions, evaluated as often as may be, without the minutes that they wait. */
export async function rulesWithoutDelay(...files: readonly string[]): Promise<string> {
  const groups = (await Promise.all(files.map((file) => readRules(file)))).flatMap((read) => read.groups);
  return stringify({
    groups: groups.map(({ name, rules }) => ({ name, rules: rules.map((rule) => ({ ...rule, for: '0s' })) })),
  });
}

import { type ApprovalView, type Changes, type Digest, shortDigest } from '../../../domain/index.ts';
import { type Block, section } from '../block.ts';
import { code, counted, escaped, inWords, listed, time } from '../text.ts';
import { TIER_IN_WORDS } from './words.ts';

const OUTCOMES_SHOWN = 5;
const MEASUREMENTS_SHOWN = 6;

/** How much of the changes is shown: all, or only what the version is and is made of. */
export type ChangeDetail = 'all' | 'identity';

/** What changed since the last governed version; nothing for views of before that was kept. */
export function changesBlocks({ changes, ...view }: View, detail: ChangeDetail): readonly Block[] {
  if (changes === undefined) return [];
  if (changes === null)
    return [section('*What changed*', 'No version of this model was governed before: all of it is new.')];
  return [
    section(
      sinceLine(changes, view),
      ...identityLines(changes, view),
      ...(detail === 'all' ? [...outcomeLines(changes), ...measurementLines(changes)] : []),
    ),
  ];
}

type View = Pick<ApprovalView, 'modelVersion' | 'artifact' | 'pipeline' | 'riskTier' | 'changes'>;

/** The same bytes under the same version are governed anew: what is asked is whether that may go on. */
function sinceLine({ since, outcomes, measurements }: Changes, view: Omit<View, 'changes'>): string {
  const { modelVersion, issuedAt, artifact } = since;
  if (modelVersion !== view.modelVersion || artifact !== view.artifact.digest)
    return `*Changed since ${escaped(modelVersion, 100)}*, governed ${time(issuedAt)}`;
  const found = outcomes.length + measurements.length === 0 ? ': the checks found what they found then' : '';
  return `*🔁 Renewal.* This version was governed before, ${time(issuedAt)}${found}`;
}

function identityLines({ since, inputs, evidence }: Changes, view: Omit<View, 'changes'>): string[] {
  const { artifact, pipeline, riskTier } = view;
  const same = since.artifact === artifact.digest;
  const tier = since.riskTier === riskTier ? [] : [`• *Risk tier:* ${tiers(since.riskTier, riskTier)}`];
  const names = (items: readonly { name: string }[]) =>
    listed(
      items.map(({ name }) => escaped(name, 64)),
      4,
    );
  return [
    `• *Artifact:* ${same ? 'the same bytes' : digests(since.artifact, artifact.digest)}`,
    ...tier,
    ...(since.pipeline === pipeline ? [] : [`• *Pipeline:* ${digests(since.pipeline, pipeline)}`]),
    `• *Made from:* ${madeFrom(inputs)}`,
    ...(evidence.length === 0 ? [] : [`• *Evidence:* other ${names(evidence)}`]),
  ];
}

/** What CI did not report, now or then, is not called the same. */
function madeFrom(inputs: Changes['inputs']): string {
  const groups = Map.groupBy(inputs, ({ before, after }) => {
    if (before === null || after === null) return 'not told by CI:';
    return before === after ? 'the same' : 'other';
  });
  const order = ['other', 'the same', 'not told by CI:'] as const;
  const told = order.map((words) => [words, groups.get(words) ?? []] as const);
  const shown = told.filter(([, group]) => group.length > 0);
  return shown.map(([words, group]) => `${words} ${listed(group.map(({ name }) => name))}`).join('; ') || '–';
}

function tiers(before: ApprovalView['riskTier'], after: ApprovalView['riskTier']): string {
  return `${TIER_IN_WORDS[before]} → ${TIER_IN_WORDS[after]}`;
}

function digests(before: Digest, after: Digest): string {
  return `${code(shortDigest(before), 40)} → ${code(shortDigest(after), 40)}`;
}

function outcomeLines({ outcomes }: Changes): string[] {
  const said = (outcome: string | null): string => outcome?.replaceAll('_', ' ') ?? 'not run';
  const lines = outcomes.map(
    ({ check, before, after }) => `• ${escaped(inWords(check), 80)}: ${said(before)} → *${said(after)}*`,
  );
  return atMost(lines, OUTCOMES_SHOWN, 'more check');
}

/** Those that moved most come first; counts, which seldom decide, last. */
function measurementLines({ measurements }: Changes): string[] {
  const ranked = [...measurements].sort((a, b) => rank(b) - rank(a));
  const lines = ranked.map(({ check, name, unit, before, after }) => {
    const what = `${escaped(inWords(check), 60)}, ${escaped(name.replaceAll('_', ' '), 60)}`;
    const [was, is] = amounts([before, after], unit);
    return `• ${what}: ${was} → *${is}*`;
  });
  return atMost(lines, MEASUREMENTS_SHOWN, 'more number');
}

type Moved = Changes['measurements'][number];

function rank({ unit, before, after }: Moved): number {
  const moved =
    before === null || after === null
      ? 1
      : Math.abs(after - before) / Math.max(Math.abs(after), Math.abs(before));
  return unit === 'count' ? moved - 2 : moved;
}

/** Four digits where they tell the two apart, else all of them. */
function amounts(values: readonly [number | null, number | null], unit: string): string[] {
  const short = values.map((value) => amount(value, unit, 4));
  return short[0] === short[1] ? values.map((value) => amount(value, unit, 17)) : short;
}

/** The unit only where the number does not say it. */
function amount(value: number | null, unit: string, digits: number): string {
  if (value === null) return 'none';
  const shown = escaped(String(Number(value.toPrecision(digits))), 24);
  if (unit === 'percent') return `${shown}%`;
  return ['ratio', 'count', '1'].includes(unit) ? shown : `${shown} ${escaped(unit, 20)}`;
}

function atMost(lines: readonly string[], most: number, noun: string): string[] {
  const more = lines.length - most;
  return [...lines.slice(0, most), ...(more > 0 ? [`… and ${counted(more, noun)}`] : [])];
}

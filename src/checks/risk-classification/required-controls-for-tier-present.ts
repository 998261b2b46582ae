import { z } from 'zod';
import type { CheckProblem, CheckReport } from '../../domain/index.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { counted, insufficient, notSubmitted, problem, report } from '../report.ts';
import { type Classification, classify } from '../risk/classify.ts';
import { documentProblems } from '../risk/control-document.ts';
import { type RequiredControl, requiredControls } from '../risk/controls.ts';
import { CONTROL_PREFIX, type ControlEvidence, type Controls } from '../risk/controls-document.ts';
import { CONTROLS, type Control } from '../risk/controls-table.ts';
import { dayOf } from '../risk/fields.ts';
import { LAW_VERSION } from '../risk/law.ts';
import { RISK_QUESTIONNAIRE, readQuestionnaire } from '../risk/read.ts';
import { CONTROLS_EVIDENCE, readControls } from '../risk/read-controls.ts';

const PARAMETERS = z.strictObject({
  enforce: z
    .enum(['now', 'when_applicable'])
    .default('now')
    .describe('whether an obligation counts before the day from which it applies'),
  minimum_characters: z
    .int()
    .min(1)
    .max(100_000)
    .default(200)
    .describe('letters and digits that a document needs at least'),
});
type Parameters = z.output<typeof PARAMETERS>;

/** Every control that the tier demands has evidence that holds. */
export const requiredControlsForTierPresent = defineCheck({
  name: 'required_controls_for_tier_present',
  stage: 'risk_classification',
  version: '3.0.0',
  proves:
    'Each control that the EU AI Act demands for the computed tier and role has a document that was approved, has not expired, is byte for byte the approved one, is for this model version and says which control it is for, or checks of this run that passed.',
  doesNotProve: 'That a document is adequate, or that what it describes is done.',
  evidence: [
    { name: RISK_QUESTIONNAIRE, required: true, description: 'decides tier and role; may list the controls' },
    { name: CONTROLS_EVIDENCE, required: false, description: 'lists the evidence of each control' },
    { name: `${CONTROL_PREFIX}*`, required: false, description: 'the control documents' },
  ],
  parameters: PARAMETERS,
  run,
});

async function run(input: CheckInput<Parameters>): Promise<CheckReport> {
  const answers = await readQuestionnaire(input.evidence);
  if (answers.kind === 'missing')
    return insufficient('no risk questionnaire was submitted (evidence risk_questionnaire)', [
      notSubmitted(RISK_QUESTIONNAIRE, 'the answers about the use of this model version'),
    ]);
  if (answers.kind === 'invalid')
    return insufficient('the risk questionnaire is not valid, so the tier is unknown', answers.problems);
  const classification = classify(answers.value);
  if (classification.tier === 'prohibited') {
    const reasons = classification.reasons
      .map(({ provision, message }) => `${provision}: ${message}`)
      .join('; ');
    return report('failed', `no control can cure a prohibited practice (${reasons})`, {
      problems: classification.reasons.map(({ provision, message }) =>
        problem(
          RISK_QUESTIONNAIRE,
          `${provision}: ${message}`,
          'do not put this use into service, or correct the answer',
        ),
      ),
      details: { risk_tier: 'prohibited' },
    });
  }
  const controls = await readControls(input, answers.value);
  if (controls.kind === 'invalid')
    return report('failed', 'the list of controls is not valid', { problems: controls.problems });
  const required = requiredControls(answers.value, classification);
  if (controls.kind === 'missing') {
    const wanted = required.map(({ control }) => control.id).join(', ');
    return insufficient(`no controls were submitted; ${classification.tier} demands ${wanted}`, [
      notSubmitted(CONTROLS_EVIDENCE, `the list of the documents for ${wanted}`),
    ]);
  }
  return assess(input, classification, required, controls.value);
}

interface Assessed extends RequiredControl {
  readonly inForce: boolean;
  readonly problems: readonly CheckProblem[];
}

async function assess(
  input: CheckInput<Parameters>,
  { tier }: Classification,
  required: readonly RequiredControl[],
  controls: Controls,
): Promise<CheckReport> {
  const all = await Promise.all(required.map((item) => assessOne(input, item, controls)));
  const counts = all.filter(({ inForce }) => inForce || input.parameters.enforce === 'now');
  const problems = [...unknownControls(controls), ...counts.flatMap((item) => item.problems)];
  const missing = counts
    .filter((item) => item.problems.length > 0)
    .map(({ control }) => `${control.id} (${control.article})`);
  const held = counts.length - missing.length;
  const message = `${held} of ${counted(counts.length, 'control')} for ${tier} in place`;
  const said = [
    message,
    ...(missing.length === 0 ? [] : [`not: ${missing.join(', ')}`]),
    ...shared(counts, controls),
    ...timing(all, input.parameters.enforce),
  ].join('; ');
  return report(problems.length === 0 ? 'passed' : 'failed', said, {
    problems,
    measurements: [
      { name: 'controls_required', value: counts.length, unit: 'count' },
      { name: 'controls_in_place', value: held, unit: 'count' },
    ],
    details: {
      risk_tier: tier,
      law_version: LAW_VERSION,
      enforce: input.parameters.enforce,
      controls: all.map((item) => detailOf(item, controls)),
    },
  });
}

/** Documents that serve for more controls than a reader expects of one: said, as a person must judge whether they do. */
const MANY_CONTROLS = 5;

function shared(counts: readonly Assessed[], controls: Controls): string[] {
  const entries = counts.flatMap(({ control: { id } }) => {
    const entry = controls[id];
    return entry !== undefined && 'document' in entry ? [{ id, document: entry.document }] : [];
  });
  return [...Map.groupBy(entries, ({ document }) => document)]
    .filter(([, items]) => items.length >= MANY_CONTROLS)
    .map(([document, items]) => `${document} is the evidence of ${items.length} controls`);
}

/** What the law does not demand yet, by the day from which it will, and what of it is disputed. */
function timing(all: readonly Assessed[], enforce: Parameters['enforce']): string[] {
  const later = Map.groupBy(
    all.filter(({ inForce }) => !inForce),
    ({ appliesFrom }) => appliesFrom,
  );
  const counts = [...later].sort().map(([day, items]) => `${items.length} from ${day}`);
  const disputed = all.filter(({ uncertain }) => uncertain).length;
  const how = enforce === 'now' ? 'demanded already' : 'not demanded yet';
  return [
    ...(counts.length === 0 ? [] : [`the law applies to ${counts.join(', ')} (${how})`]),
    ...(disputed === 0 ? [] : [`the day is disputed for ${disputed}`]),
  ];
}

async function assessOne(
  input: CheckInput<Parameters>,
  item: RequiredControl,
  controls: Controls,
): Promise<Assessed> {
  const entry = Object.hasOwn(controls, item.control.id) ? controls[item.control.id] : undefined;
  return {
    ...item,
    inForce: item.appliesFrom <= dayOf(input.now),
    problems: await controlProblems(input, item, entry),
  };
}

async function controlProblems(
  input: CheckInput<Parameters>,
  { control, appliesFrom }: RequiredControl,
  entry: ControlEvidence | undefined,
): Promise<CheckProblem[]> {
  const where = `controls: ${control.id}`;
  if (entry === undefined) {
    return [
      problem(
        where,
        `there is no evidence of ${control.title} (${control.article}, applies from ${appliesFrom})`,
        `add ${control.id} to the controls`,
      ),
    ];
  }
  if ('document' in entry)
    return documentProblems(control, entry, input, input.parameters.minimum_characters);
  return checkProblems(control, entry.checks, input.passedChecks);
}

function checkProblems(
  control: Control,
  named: readonly string[],
  passed: readonly string[],
): CheckProblem[] {
  const where = `controls: ${control.id}`;
  const sets = control.checks ?? [];
  if (!sets.some((set) => set.every((check) => named.includes(check)))) {
    const accepted = sets.map((set) => set.join(' and ')).join('; or ');
    const remedy = accepted === '' ? 'submit a document' : `name ${accepted}`;
    return [problem(where, 'the checks named do not cover this control', remedy)];
  }
  return named
    .filter((check) => !passed.includes(check))
    .map((check) =>
      problem(
        where,
        `the check ${check} did not pass in an earlier stage of this run`,
        `make ${check} pass in an earlier stage, or submit a document for the control`,
      ),
    );
}

function unknownControls(controls: Controls): CheckProblem[] {
  return Object.keys(controls)
    .filter((id) => !CONTROLS.some((control) => control.id === id))
    .map((id) =>
      problem(`controls: ${id}`, 'is no control that we know', 'use an id of the table of controls'),
    );
}

function detailOf({ control, appliesFrom, inForce, uncertain, problems }: Assessed, controls: Controls) {
  const entry = controls[control.id];
  return {
    id: control.id,
    article: control.article,
    applies_from: appliesFrom,
    in_force: inForce,
    ...(uncertain ? { uncertain: true } : {}),
    in_place: problems.length === 0,
    evidence: entry === undefined ? null : { ...entry },
  };
}

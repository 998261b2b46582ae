import { ControlsDocument } from '../../src/checks/risk/controls-document.ts';
import { CONTROLS, type Control } from '../../src/checks/risk/controls-table.ts';
import { Questionnaire } from '../../src/checks/risk/questionnaire.ts';
import { NegativeTests } from '../../src/checks/validation/negative-tests.ts';
import { fieldsOf, fieldTable, namedTypesOf } from './fields.ts';
import { code, page, table } from './markdown.ts';
import { namedTypesTable } from './named-types.ts';

/** The page about evidence that has a format of ours and no page of its own. */
export function evidencePage(): string {
  const schemas = [Questionnaire, ControlsDocument, NegativeTests];
  return page(
    '# Evidence with a format of ours',
    'Files that are submitted beside the artifact and written by hand or by CI. Which check reads which is in [checks.md](checks.md). Others have pages of their own: [data documentation](../data-provenance.md), [model cards](../model-cards.md), [the model contract](model-contract.md), [deployment manifests](../deployment-manifests.md). A key that is not listed is refused.',
    '## risk_questionnaire',
    'The answers from which the risk tier under the EU AI Act is computed. [The example](../../examples/fraud-detection/4.1.2/risk-questionnaire.yaml) has a reason for each.',
    fieldTable('key', fieldsOf(Questionnaire)),
    '## controls',
    'Evidence of the controls that a tier demands: `controls` of its own file, or the key `controls` of the questionnaire. Each control names a document, which is submitted as `control.<name>` and pinned by its SHA-256, or checks that passed in the same run. [The example](../../examples/fraud-detection/4.1.2/controls.yaml).',
    fieldTable('key', fieldsOf(ControlsDocument)),
    'The controls that there are, and when one is demanded:',
    table(['control', 'provision', 'what it is', 'demanded of', 'its document'], CONTROLS.map(controlRow)),
    '## input_validation_tests',
    'What the endpoint answered to requests that it must refuse, as CI recorded them. [The example](../../examples/fraud-detection/4.1.2/input-validation-tests.yaml).',
    fieldTable('key', fieldsOf(NegativeTests)),
    '## Types',
    namedTypesTable(new Set(schemas.flatMap((schema) => [...namedTypesOf(schema)]))),
  );
}

function controlRow({
  id,
  article,
  title,
  when,
  uncertain,
  namesModel,
  headings,
  checks,
}: Control): string[] {
  const demands = [
    ...(namesModel === true ? ['names model and version'] : []),
    ...(headings === undefined ? [] : [`has the headings ${headings.join(', ')}`]),
    ...(checks === undefined ? [] : ['or checks that passed']),
  ];
  const disputed = uncertain === true ? ' (its day is disputed)' : '';
  return [
    code(id),
    article,
    `${title}${disputed}`,
    when.replaceAll('_', ' '),
    demands.length === 0 ? 'any' : demands.join('; '),
  ];
}

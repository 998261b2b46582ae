import { ModelContract } from '../../src/checks/safety/contract.ts';
import { fieldsOf, fieldTable, namedTypesOf } from './fields.ts';
import { page } from './markdown.ts';
import { namedTypesTable } from './named-types.ts';

/** The page about the evidence that the safety checks read. */
export function modelContractPage(): string {
  return page(
    '# Model contract and reference data',
    "What the checks of `safety_evaluation` read beside the artifact: `model_contract`, YAML or JSON with the keys below, and `reference_data`, Parquet, CSV or JSON lines with a column per feature and one with the true class. [The example's](../../examples/fraud-detection/4.1.2/model-contract.json) is one to start from.",
    "Who submits a model writes its contract, so the checks hold it against the model, and against the reference data: values beyond a declared range, scales that make a change nothing, or too many features that nobody may touch leave the checks with too little evidence. Limits are the operator's: see [checks.md](checks.md).",
    fieldTable('key', fieldsOf(ModelContract)),
    '## Types',
    namedTypesTable(namedTypesOf(ModelContract)),
  );
}

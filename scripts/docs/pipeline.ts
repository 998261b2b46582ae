import { PipelineFile } from '../../src/domain/pipeline/schema.ts';
import { fieldsOf, fieldTable, namedTypesOf } from './fields.ts';
import { page } from './markdown.ts';
import { namedTypesTable } from './named-types.ts';

/** The page about the pipeline file. */
export function pipelinePage(): string {
  return page(
    '# Pipeline file: `governance-pipeline.yaml`',
    "What a model version must pass. A pipeline is known by the digest of its file's bytes and counts only where `pipelines:` of [countersign.yaml](configuration.md) registers it. [examples/governance-pipeline.yaml](../../examples/governance-pipeline.yaml) is the reference pipeline, all stages of it. What its checks are told about a model may stand in the file itself or, as [check-parameters.yaml](../../examples/fraud-detection/check-parameters.yaml) of the example, beside it. The checks are in [checks.md](checks.md).",
    fieldTable('key', fieldsOf(PipelineFile)),
    '## Types',
    namedTypesTable(namedTypesOf(PipelineFile)),
  );
}

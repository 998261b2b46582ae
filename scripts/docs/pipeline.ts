import { PipelineFile } from '../../src/domain/pipeline/schema.ts';
import { fieldsOf, fieldTable, namedTypesOf } from './fields.ts';
import { page } from './markdown.ts';
import { namedTypesTable } from './named-types.ts';

/** The page about the pipeline file. */
export function pipelinePage(): string {
  return page(
    '# Pipeline file: `governance-pipeline.yaml`',
    "What a model version must pass. A pipeline is known by the digest of its file's bytes and counts only where `pipelines:` of [countersign.yaml](configuration.md) registers it. [examples/governance-pipeline.yaml](../../examples/governance-pipeline.yaml) has all stages of the reference pipeline; [the one of the example](../../examples/fraud-detection/governance-pipeline.yaml) has parameters. The checks are in [checks.md](checks.md).",
    fieldTable('key', fieldsOf(PipelineFile)),
    '## Types',
    namedTypesTable(namedTypesOf(PipelineFile)),
  );
}

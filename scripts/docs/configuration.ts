import { RECEIVER_TYPES } from '../../src/config/alerts.ts';
import { ConfigFile } from '../../src/config/index.ts';
import { DeploymentList } from '../../src/inventory/deployment-list.ts';
import { SOURCE_TYPES } from '../../src/inventory/registry.ts';
import { fieldsOf, fieldTable, namedTypesOf } from './fields.ts';
import { code, page } from './markdown.ts';
import { namedTypesTable } from './named-types.ts';

/** The page about `countersign.yaml` and the files that it names. */
export function configurationPage(): string {
  const words = new Set([ConfigFile, DeploymentList].flatMap((schema) => [...namedTypesOf(schema)]));
  return page(
    '# Configuration: `countersign.yaml`',
    'Everything that the service is told, but for [secrets and locations](environment.md), which come from the environment. Paths are relative to the file. An unknown key is an error; every problem is told at once, with its line and column. [examples/countersign.yaml](../../examples/countersign.yaml) is a commented file to start from.',
    'A key without a default that is not required may be left out. `[]` stands for each item of a list.',
    fieldTable('key', fieldsOf(ConfigFile)),
    '## Inventory sources',
    'Each entry of `monitor.sources` names its `type`; these are the other keys of each.',
    ...Object.entries(SOURCE_TYPES).flatMap(([name, { settings }]) => [
      `### Type ${code(name)}`,
      fieldTable('key', fieldsOf(settings)),
    ]),
    '### The list of deployments',
    'The file that a source of type `file` reads at every tick.',
    fieldTable('key', fieldsOf(DeploymentList)),
    '## Receivers of alerts',
    'Each entry of `alerts.receivers` names its `type`; these are the keys of each.',
    ...Object.entries(RECEIVER_TYPES).flatMap(([name, schema]) => [
      `### Receiver of type ${code(name)}`,
      fieldTable('key', fieldsOf(schema)),
    ]),
    '## Types',
    namedTypesTable(words),
  );
}

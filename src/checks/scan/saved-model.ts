import type { CheckProblem } from '../../domain/index.ts';
import { quoted } from '../report.ts';
import { type Findings, fault, refused } from './finding.ts';
import { NotProtobuf, type WireField, wireFields } from './protobuf.ts';
import type { ByteSource } from './source.ts';

/** Operators that run Python, or read and write files, when the graph is run. */
const REACHES_OUT =
  /^(?:PyFunc|PyFuncStateless|EagerPyFunc|ReadFile|WriteFile|MatchingFiles|WholeFileReader\w*|FixedLengthRecord\w*|TFRecord\w*|TextLine\w*|Save\w*Dataset\w*|LoadDataset\w*|DebugIdentity\w*|PrintV2|RemoteCall|Sql\w*|GeneratorDataset\w*|XlaLaunch\w*|CustomCall\w*|LoadLibrary\w*|\w*BigQuery\w*|\w*ImmutableConst)$/;

const LENGTH = 2;

/** Holds a SavedModel's graphs to operators that stay within it. Its variables are in other files. */
export function scanSavedModel(source: ByteSource): Findings {
  const operators = new Set<string>();
  try {
    for (const graph of within(source, whole(source), 2)) readMetaGraph(source, graph, operators);
  } catch (error) {
    if (error instanceof NotProtobuf)
      return refused(undefined, `is a SavedModel that cannot be read: ${error.message}`);
    throw error;
  }
  const problems: CheckProblem[] = [...operators]
    .filter((name) => REACHES_OUT.test(name))
    .sort()
    .map((name) =>
      fault(
        undefined,
        `has the operator ${quoted(name)}, which reaches outside of the model`,
        'remove the operator: a model reads its inputs and nothing else',
      ),
    );
  return { problems, details: { operators: operators.size } };
}

/** MetaGraphDef.graph_def (2): nodes (1) and functions (library 2, function 1, node_def 3); each node's op is 2. */
function readMetaGraph(source: ByteSource, metaGraph: WireField, operators: Set<string>): void {
  for (const graph of within(source, metaGraph, 2)) {
    for (const node of within(source, graph, 1)) addOperator(source, node, operators);
    for (const library of within(source, graph, 2)) {
      for (const definition of within(source, library, 1)) {
        for (const node of within(source, definition, 3)) addOperator(source, node, operators);
      }
    }
  }
}

function addOperator(source: ByteSource, node: WireField, operators: Set<string>): void {
  for (const { start, size } of within(source, node, 2))
    operators.add(source.read(start, Math.min(size, 256)).toString('utf8'));
}

function* within(
  source: ByteSource,
  { start, size }: Pick<WireField, 'start' | 'size'>,
  number: number,
): Generator<WireField> {
  for (const field of wireFields(source, start, size))
    if (field.number === number && field.wire === LENGTH) yield field;
}

function whole(source: ByteSource): Pick<WireField, 'start' | 'size'> {
  return { start: 0, size: source.size };
}

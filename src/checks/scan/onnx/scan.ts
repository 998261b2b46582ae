import type { CheckProblem } from '../../../domain/index.ts';
import { NotOnnx } from '../../onnx/message.ts';
import { quoted } from '../../report.ts';
import { type Beside, type Findings, fault, refused } from '../finding.ts';
import type { ScanPolicy } from '../policy.ts';
import { NotProtobuf } from '../protobuf.ts';
import type { ByteSource } from '../source.ts';
import type { OnnxFacts, Operators } from './facts.ts';
import { readOnnx } from './read.ts';

const FIRST_IR = 3n;
const LAST_IR = 13n;
/** The standard domains with the newest version of each that is known. */
const STANDARD: ReadonlyMap<string, bigint> = new Map([
  ['', 27n],
  ['ai.onnx', 27n],
  ['ai.onnx.ml', 6n],
]);
const MAX_LISTED = 200;
const MAX_EXPANDED = 50_000_000;

/**
 * Holds an ONNX model to its format: protobuf all the way down, known versions, standard operators or those of allowed
 * domains, all its data in the one file that is hashed and signed, or in one beside it in the same directory, and no operator that blows a constant up. Sizes that
 * the model computes when it runs are not seen here; the process that runs it has its limits.
 */
export function scanOnnx(source: ByteSource, policy: ScanPolicy, beside?: Beside): Findings {
  try {
    const facts = readOnnx(source);
    const data = [...new Set(facts.external.map(({ location }) => location))];
    return {
      problems: [...judge(facts, policy), ...externalProblems(facts, beside)],
      details: detailsOf(facts),
      data,
    };
  } catch (error) {
    if (error instanceof NotProtobuf || error instanceof NotOnnx)
      return refused(undefined, `is an ONNX model that cannot be read: ${error.message}`);
    throw error;
  }
}

function judge(facts: OnnxFacts, policy: ScanPolicy): CheckProblem[] {
  return [
    ...versionProblems(facts),
    ...operatorProblems(facts, policy),
    ...functionProblems(facts),
    ...growthProblems(facts, policy.maxConstantElements),
    ...facts.misfits.map((name) =>
      fault(
        `tensor ${quoted(name)}`,
        'has a shape that is none, or data of another length than its shape and type say',
      ),
    ),
  ];
}

function versionProblems({ irVersion, graphs, opsets, unknownFields }: OnnxFacts): CheckProblem[] {
  const problems: CheckProblem[] = [];
  if (irVersion < FIRST_IR || irVersion > LAST_IR)
    problems.push(fault('ir_version', `is ${irVersion}; known are ${FIRST_IR} to ${LAST_IR}`));
  if (graphs !== 1) problems.push(fault('graph', `is there ${graphs} times; a model has one`));
  if (opsets.length === 0) problems.push(fault('opset_import', 'is missing'));
  for (const [domain, version] of opsets) {
    const newest = STANDARD.get(domain);
    if (newest !== undefined && (version < 1n || version > newest))
      problems.push(
        fault(
          'opset_import',
          `has version ${version} of ${quoted(domain || 'ai.onnx')}; known are 1 to ${newest}`,
        ),
      );
  }
  for (const number of unknownFields)
    problems.push(fault(`field ${number}`, 'is none that the format knows'));
  return problems;
}

/** Operators of a domain that is not standard are code of whoever runs the model, or a library that it would load. */
function operatorProblems(facts: OnnxFacts, { onnxDomains }: ScanPolicy): CheckProblem[] {
  const used = new Set(
    [facts.operators, ...facts.functions.values()].flatMap((operators) => [...operators.keys()]),
  );
  return [...used].sort().flatMap((key) => {
    const domain = key.slice(0, key.lastIndexOf(':'));
    if (STANDARD.has(domain) || onnxDomains.includes(domain) || facts.functions.has(key)) return [];
    const remedy = `export the model with standard operators, or allow ${domain} in onnx_domains`;
    return [fault(`operator ${quoted(key)}`, 'is of a domain that is not allowed', remedy)];
  });
}

function functionProblems({ functions, operators }: OnnxFacts): CheckProblem[] {
  const shadowing = [...functions.keys()].filter((key) => STANDARD.has(key.slice(0, key.lastIndexOf(':'))));
  const problems = shadowing.map((key) =>
    fault(
      `function ${quoted(key)}`,
      'replaces an operator of the standard',
      'give the function a name and a domain of its own',
    ),
  );
  const expanded = expand(operators, functions, new Map(), new Set());
  if (expanded === undefined)
    problems.push(fault('functions', 'call each other in a circle', 'break the circle of calls'));
  else if (expanded > MAX_EXPANDED)
    problems.push(
      fault(
        'functions',
        `expand to ${expanded} nodes, more than ${MAX_EXPANDED}`,
        'call fewer functions within functions',
      ),
    );
  return problems;
}

/** How many nodes a body has once functions are put in place of their calls; `undefined` where that has no end. */
function expand(
  body: Operators,
  functions: ReadonlyMap<string, Operators>,
  known: Map<Operators, number>,
  open: Set<Operators>,
): number | undefined {
  const before = known.get(body);
  if (before !== undefined) return before;
  if (open.has(body)) return undefined;
  open.add(body);
  let total = 0;
  for (const [key, count] of body) {
    const definition = functions.get(key);
    const size = definition === undefined ? 1 : expand(definition, functions, known, open);
    if (size === undefined) return undefined;
    total += size * count;
  }
  open.delete(body);
  known.set(body, total);
  return total;
}

function externalProblems({ external }: OnnxFacts, beside: Beside = () => undefined): CheckProblem[] {
  return external.flatMap(({ tensor, location, offset, length }) => {
    const bytes = isInside(location) ? beside(location) : undefined;
    if (bytes !== undefined && offset + (length ?? 0) <= bytes) return [];
    const place = `tensor ${quoted(tensor)}`;
    if (bytes !== undefined)
      return [fault(place, `has its data beyond the end of the file ${quoted(location)}`)];
    const message = `has its data in the file ${quoted(location)}${isInside(location) ? '' : ', outside of the model,'} which is not part of the artifact: neither its hash nor a signature covers it`;
    return [fault(place, message, 'save the model with its weights in the one file')];
  });
}

function isInside(location: string): boolean {
  return location !== '' && !/^[/\\]|^[A-Za-z]:|\0/.test(location) && !location.split(/[/\\]/).includes('..');
}

function growthProblems({ growths, shapes }: OnnxFacts, most: number): CheckProblem[] {
  return growths.flatMap(({ operator, inputs, sizes }) => {
    const given = inputs.length === 0 ? [sizes] : inputs.map((name) => shapes.get(name) ?? []);
    const excessive = given.map(elementsOf).find((elements) => elements > BigInt(most));
    if (excessive === undefined) return [];
    return [
      fault(
        `operator ${operator}`,
        `makes ${excessive} elements of a constant; at most ${most} are allowed (max_constant_elements)`,
        'make the constant smaller, or have the operator allow more',
      ),
    ];
  });
}

/** A negative size stands for one that is not known. */
function elementsOf(shape: readonly bigint[]): bigint {
  return shape.reduce((product, size) => product * (size < 0n ? 1n : size), 1n);
}

function detailsOf({
  irVersion,
  nodes,
  opsets,
  functions,
  operators,
}: OnnxFacts): NonNullable<Findings['details']> {
  return {
    ir_version: Number(irVersion),
    opsets: listed(opsets.map(([domain, version]) => `${domain || 'ai.onnx'} ${version}`)),
    nodes,
    operators: listed([...operators.keys()].sort()),
    local_functions: listed([...functions.keys()].sort()),
  };
}

/** The first of some names, cut where no name goes on. */
function listed(names: readonly string[]): readonly string[] {
  return names.slice(0, MAX_LISTED).map((name) => name.slice(0, MAX_LISTED));
}

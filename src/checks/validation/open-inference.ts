import { type Finding, fails, holds } from '../deployment/finding.ts';
import { at, listAt, numberAt, textsAt } from '../deployment/values.ts';
import { child, resolve, type SchemaNode } from './schema-node.ts';
import { boundsOf } from './schema-rules.ts';
import { type Signature, type Tensor, tensorName, widthOf } from './signature.ts';

/**
 * Holds a request of the Open Inference Protocol v2 (`inputs[]{name, shape, datatype, data}`) against the model's inputs.
 *
 * @returns undefined where the schema is not of that protocol
 */
export function protocolInputs(
  document: unknown,
  body: SchemaNode,
  signature: Signature,
  name: string,
): Finding[] | undefined {
  const inputs = resolve(document, child(body, 'properties', 'inputs'));
  if (!inputs.ok || at(inputs.node.value, 'type') !== 'array') return undefined;
  const entries = tensorSchemas(document, inputs.node);
  if (!entries.some(({ value }) => at(value, 'properties', 'datatype') !== undefined)) return undefined;
  const where = `${name}: ${inputs.node.pointer}`;
  const found = signature.inputs.map((tensor) => {
    const entry = entries.find((node) =>
      valuesOf(document, child(node, 'properties', 'name')).includes(tensor.name),
    );
    return entry === undefined
      ? [
          fails(
            where,
            `has no tensor named ${tensor.name}, and the model takes ${tensorName(tensor)}`,
            `give name the value ${tensor.name}`,
          ),
        ]
      : tensorAgrees(document, entry, tensor, name);
  });
  const most = numberAt(inputs.node.value, 'maxItems');
  const count = signature.inputs.length;
  const tooMany =
    most !== undefined && most !== count
      ? [fails(where, `takes up to ${most} tensors, and the model takes ${count}`, `set maxItems: ${count}`)]
      : [];
  return [...tooMany, ...required(body, where), ...found.flat()];
}

function required(body: SchemaNode, where: string): Finding[] {
  return textsAt(body.value, 'required').includes('inputs')
    ? []
    : [fails(where, 'inputs is not required', 'add it to required')];
}

/** The schemas of the single tensors: of a tuple, of alternatives, or of the one kind of item. */
function tensorSchemas(document: unknown, inputs: SchemaNode): SchemaNode[] {
  const tuple = listAt(inputs.value, 'prefixItems').map((_, index) => child(inputs, 'prefixItems', index));
  const items = resolve(document, child(inputs, 'items'));
  const single = items.ok
    ? [items.node, ...listAt(items.node.value, 'oneOf').map((_, index) => child(items.node, 'oneOf', index))]
    : [];
  return [...tuple, ...single].flatMap((node) => {
    const resolved = resolve(document, node);
    return resolved.ok && at(resolved.node.value, 'properties') !== undefined ? [resolved.node] : [];
  });
}

/** The values that a schema admits by const or enum. */
function valuesOf(document: unknown, node: SchemaNode): readonly unknown[] {
  const resolved = resolve(document, node);
  if (!resolved.ok) return [];
  const constant = at(resolved.node.value, 'const');
  return constant === undefined ? listAt(resolved.node.value, 'enum') : [constant];
}

function tensorAgrees(document: unknown, entry: SchemaNode, tensor: Tensor, name: string): Finding[] {
  const where = `${name}: ${entry.pointer}`;
  const found: Finding[] = [];
  const types = valuesOf(document, child(entry, 'properties', 'datatype'));
  if (types.length !== 1 || types[0] !== tensor.datatype)
    found.push(
      fails(
        `${where}/properties/datatype`,
        `admits ${types.join(', ') || 'any type'}, and the model takes ${tensorName(tensor)}`,
        `set const: ${tensor.datatype}`,
      ),
    );
  const missing = ['name', 'shape', 'datatype', 'data'].filter(
    (key) => !textsAt(entry.value, 'required').includes(key),
  );
  if (missing.length > 0)
    found.push(fails(where, `does not require ${missing.join(', ')}`, 'add them to required'));
  found.push(...shapeAgrees(document, entry, tensor, `${where}/properties/shape`));
  return found.length > 0 ? found : [holds(where, `agrees with the model's input ${tensorName(tensor)}`)];
}

/** Every size that the model fixes is fixed in the schema: by a tuple, or by a list of whole shapes. */
function shapeAgrees(document: unknown, entry: SchemaNode, tensor: Tensor, where: string): Finding[] {
  if (tensor.shape === undefined || widthOf(tensor) === undefined) return [];
  const shape = resolve(document, child(entry, 'properties', 'shape'));
  if (!shape.ok) return [];
  const whole = valuesOf(document, shape.node).filter(Array.isArray) as unknown[][];
  const fits = (sizes: readonly unknown[]) =>
    sizes.length === tensor.shape?.length &&
    tensor.shape.every((size, axis) => size === undefined || sizes[axis] === size);
  if (whole.length > 0) return whole.every(fits) ? [] : [wrongShape(where, tensor)];
  const tuple = listAt(shape.node.value, 'prefixItems').map((_, index) =>
    child(shape.node, 'prefixItems', index),
  );
  const sizes = tuple.map((node) => sizeOf(document, node));
  return fits(sizes) ? [] : [wrongShape(where, tensor)];
}

function sizeOf(document: unknown, node: SchemaNode): unknown {
  const [value] = valuesOf(document, node);
  if (value !== undefined) return value;
  const [low, high] = boundsOf(node.value);
  return low === high ? low : undefined;
}

function wrongShape(where: string, tensor: Tensor): Finding {
  return fails(
    where,
    `does not fix the sizes of ${tensorName(tensor)}`,
    'describe the axes by prefixItems with const, or whole shapes by enum',
  );
}

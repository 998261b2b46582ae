import { type Finding, fails, holds, unknown } from '../deployment/finding.ts';
import { entriesAt, listAt, numberAt, textsAt } from '../deployment/values.ts';
import { protocolInputs } from './open-inference.ts';
import { child, resolve, type SchemaNode } from './schema-node.ts';
import { typesOf } from './schema-rules.ts';
import { type Signature, type Tensor, tensorName, widthOf } from './signature.ts';

const FLOATS = ['FP16', 'FP32', 'FP64', 'BF16'];

/**
 * Holds the request schema against the model's inputs: names, width and type. Three ways to send rows are known: tensors of
 * the Open Inference Protocol, rows of numbers, and rows of named fields.
 */
export function agreement(
  document: unknown,
  root: SchemaNode,
  signature: Signature,
  name: string,
): Finding[] {
  const body = resolve(document, root);
  if (!body.ok) return [];
  const protocol = protocolInputs(document, body.node, signature, name);
  if (protocol !== undefined) return protocol;
  return signature.inputs.flatMap((tensor) => rowsAgree(document, body.node, tensor, signature, name));
}

function rowsAgree(
  document: unknown,
  body: SchemaNode,
  tensor: Tensor,
  signature: Signature,
  name: string,
): Finding[] {
  const where = `${name}: ${body.pointer}`;
  const holder = holderOf(document, body, tensor);
  if (holder === undefined && signature.inputs.length > 1)
    return [
      fails(
        where,
        `has no field for the model's input ${tensorName(tensor)}`,
        `add the field ${tensor.name}`,
      ),
    ];
  if (holder !== undefined && !textsAt(body.value, 'required').includes(holder))
    return [
      fails(
        where,
        `does not require ${holder}, which carries the model's input ${tensor.name}`,
        'add it to required',
      ),
    ];
  const rows = holder === undefined ? body : child(body, 'properties', holder);
  const list = resolve(document, rows);
  if (!list.ok) return [];
  const row = typesOf(list.node.value).includes('array')
    ? resolve(document, child(list.node, 'items'))
    : list;
  return row.ok ? rowAgrees(document, row.node, tensor, signature.features, name) : [];
}

/** The field that carries a tensor: the one of its name, of a usual name, or the only list there is. */
function holderOf(document: unknown, body: SchemaNode, tensor: Tensor): string | undefined {
  const names = entriesAt(body.value, 'properties').map(([key]) => key);
  const usual = [tensor.name, 'instances', 'inputs', 'rows'].find((key) => names.includes(key));
  const lists = names.filter((key) => {
    const field = resolve(document, child(body, 'properties', key));
    return field.ok && typesOf(field.node.value).includes('array');
  });
  return usual ?? (lists.length === 1 ? lists[0] : undefined);
}

function rowAgrees(
  document: unknown,
  row: SchemaNode,
  tensor: Tensor,
  features: readonly string[],
  name: string,
): Finding[] {
  const where = `${name}: ${row.pointer}`;
  const width = widthOf(tensor);
  if (width === undefined)
    return [
      unknown(
        where,
        `the model does not say how wide its input ${tensorName(tensor)} is`,
        'export the model with a fixed number of features',
      ),
    ];
  if (typesOf(row.value).includes('array')) return numbersAgree(document, row, tensor, width, where);
  if (typesOf(row.value).includes('object'))
    return fieldsAgree(document, row, tensor, width, features, where);
  return [
    fails(
      where,
      `is neither a list nor an object, and the model takes ${tensorName(tensor)}`,
      `describe rows of ${width}`,
    ),
  ];
}

function numbersAgree(
  document: unknown,
  row: SchemaNode,
  tensor: Tensor,
  width: number,
  where: string,
): Finding[] {
  const [least, most] = [numberAt(row.value, 'minItems'), numberAt(row.value, 'maxItems')];
  if (least !== width || most !== width)
    return [
      fails(
        where,
        `takes ${least ?? 0} to ${most ?? 'any number of'} values a row, and the model takes ${tensorName(tensor)}`,
        `set minItems and maxItems to ${width}`,
      ),
    ];
  const item = resolve(document, child(row, 'items'));
  const wrong = item.ok ? wrongType(item.node.value, tensor) : undefined;
  if (wrong !== undefined) return [fails(where, wrong, 'correct the type')];
  return [holds(where, `rows of ${width} agree with the model's input ${tensorName(tensor)}`)];
}

function fieldsAgree(
  document: unknown,
  row: SchemaNode,
  tensor: Tensor,
  width: number,
  features: readonly string[],
  where: string,
): Finding[] {
  const names = entriesAt(row.value, 'properties').map(([key]) => key);
  const required = textsAt(row.value, 'required');
  const optional = names.filter((key) => !required.includes(key));
  const found: Finding[] = [];
  if (names.length !== width)
    found.push(
      fails(
        where,
        `has ${names.length} fields, and the model takes ${tensorName(tensor)}`,
        `describe ${width} fields`,
      ),
    );
  if (optional.length > 0)
    found.push(
      fails(
        where,
        `does not require ${optional.slice(0, 8).join(', ')}, and the model needs every value`,
        'add them to required',
      ),
    );
  const absent = features.filter((key) => !names.includes(key));
  if (absent.length > 0)
    found.push(
      fails(
        where,
        `has no field ${absent.slice(0, 8).join(', ')}, which the model's metadata names`,
        "use the model's names",
      ),
    );
  for (const key of names) {
    const field = resolve(document, child(row, 'properties', key));
    const wrong = field.ok ? wrongType(field.node.value, tensor) : undefined;
    if (wrong !== undefined) found.push(fails(`${where}/properties/${key}`, wrong, 'correct the type'));
  }
  return found.length > 0
    ? found
    : [holds(where, `${width} fields agree with the model's input ${tensorName(tensor)}`)];
}

/** Why values of a schema cannot be elements of a tensor. Whole numbers do as floats; null and fractions for whole numbers do not. */
function wrongType(schema: unknown, tensor: Tensor): string | undefined {
  const allowed = allowedTypes(tensor.datatype);
  const wrong = typesOf(schema).filter((type) => !allowed.includes(type));
  if (wrong.length > 0) return `takes ${wrong.join(', ')}, and the model takes ${tensorName(tensor)}`;
  const values = listAt(schema, 'enum').filter((value) => !allowed.includes(typeof value));
  return values.length > 0
    ? `takes ${JSON.stringify(values[0])}, and the model takes ${tensorName(tensor)}`
    : undefined;
}

function allowedTypes(datatype: string): readonly string[] {
  if (datatype === 'BYTES') return ['string'];
  if (datatype === 'BOOL') return ['boolean'];
  return FLOATS.includes(datatype) ? ['number', 'integer'] : ['integer'];
}

import {
  PREDICATE_KINDS,
  PREDICATES,
  type PredicateKind,
  predicateType,
  SIGNER_NAMES,
  SIGNS,
} from '../../src/domain/index.ts';
import { fieldsOf, namedTypesOf } from './fields.ts';
import { code, page, table } from './markdown.ts';
import { namedTypesTable } from './named-types.ts';

/** The page about predicates, from the schemas by which they are read. */
export function statementsPage(): string {
  const words = new Set(PREDICATE_KINDS.flatMap((kind) => [...namedTypesOf(PREDICATES[kind])]));
  return page(
    '# Predicates',
    'What each kind of statement says. How statements are made, signed and checked, with real examples, is in [statements.md](../statements.md). A predicate with a key that is not listed here is refused.',
    table(
      ['kind', 'signed by', 'says'],
      PREDICATE_KINDS.map((kind) => [
        `[${code(kind)}](#${kind.replaceAll('/', '')})`,
        signersOf(kind).map(code).join(', '),
        PREDICATES[kind].description ?? '',
      ]),
    ),
    ...PREDICATE_KINDS.flatMap(kindBlocks),
    '## Types',
    namedTypesTable(words),
  );
}

function kindBlocks(kind: PredicateKind): (string | null)[] {
  const schema = PREDICATES[kind];
  return [
    `## ${kind}`,
    `${schema.description ?? ''} Its \`predicateType\` is ${code(predicateType(kind))}.`,
    table(
      ['field', 'type', 'required', 'meaning'],
      fieldsOf(schema).map(({ path, type, fallback, meaning }) => [
        code(path),
        type,
        fallback === 'required' ? 'yes' : '',
        meaning,
      ]),
    ),
  ];
}

function signersOf(kind: PredicateKind): readonly string[] {
  return SIGNER_NAMES.filter((name) => SIGNS[name].includes(kind));
}

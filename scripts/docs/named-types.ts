import { z } from 'zod';
import {
  Digest,
  Instant,
  KeyId,
  ModelId,
  ModelVersion,
  PersonId,
  Role,
  StatementId,
} from '../../src/domain/index.ts';
import { code, table } from './markdown.ts';

/** Texts of the domain that have a form of their own, by the word for them. */
const NAMED: Readonly<Record<string, z.ZodType>> = {
  digest: Digest,
  'statement id': StatementId,
  'key id': KeyId,
  time: Instant,
  'model id': ModelId,
  'model version': ModelVersion,
  'person id': PersonId,
  role: Role,
};

const EXAMPLES: Readonly<Record<string, string>> = {
  digest: `sha256:${'9c'.repeat(32)}`,
  'statement id': '53'.repeat(32),
  'key id': 'lVApU1hIIyEaF92Ux315yAX7lht4tnZSek9xYLGE1zA=',
  time: '2026-11-23T09:30:00.000Z',
  'model id': 'fraud-detection',
  'model version': '4.1.2',
  'person id': 'mira',
  role: 'ml_lead',
};

/** The word for a schema of the domain, however it was described since; null for any other. */
export function nameOfType(schema: z.core.$ZodType): string | null {
  const found = Object.entries(NAMED).find(([, named]) => named._zod.def === schema._zod.def);
  return found?.[0] ?? null;
}

/** What the words for types mean: the form that the schemas themselves demand, with an example that they accept. */
export function namedTypesTable(words: ReadonlySet<string>): string | null {
  const known = Object.entries(NAMED).filter(([word]) => words.has(word));
  return table(
    ['type', 'form', 'example'],
    known.map(([word, schema]) => [word, formOf(schema), code(exampleOf(word, schema))]),
  );
}

function formOf(schema: z.ZodType): string {
  const message = schema.safeParse('').error?.issues[0]?.message ?? '';
  return message.replace(/^expected /, '');
}

function exampleOf(word: string, schema: z.ZodType): string {
  return z.string().parse(schema.parse(EXAMPLES[word]));
}

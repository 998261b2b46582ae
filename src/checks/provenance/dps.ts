import { z } from 'zod';
import type { CheckProblem } from '../../domain/index.ts';
import { unfilledReason } from '../placeholder.ts';
import { problem, quoted } from '../report.ts';
import { defined, present } from './defined.ts';
import { purposeKind } from './purpose.ts';
import { type DataRecord, emptyRecord, type PersonalData, type Source } from './record.ts';

/** Of a text no more is read. */
const MAX_TEXT = 2000;
const Text = z.string().transform((text) => text.slice(0, MAX_TEXT));

const Coded = z.looseObject({ code: Text, description: Text.optional() });
const Body = z.looseObject({ name: Text.optional(), 'legal-name': Text.optional() });
const Place = z.looseObject({ country: Text.optional() });

/** Both spellings: D&TA 1.0.0 has title, description and version; OASIS 1.0 has name, about and data-version. */
const Document = z.looseObject({
  set: z.looseObject({}).optional(),
  source: z.looseObject({
    id: Text.optional(),
    title: Text.optional(),
    name: Text.optional(),
    version: Text.optional(),
    'data-version': Text.optional(),
    location: Text.optional(),
    description: Text.optional(),
    about: z.looseObject({}).optional(),
    issuer: z.union([z.array(Body), Body.transform((body) => [body])]).optional(),
  }),
  provenance: z.looseObject({
    source: Text.optional(),
    origin: z.array(Body).default([]),
    'origin-geography': z.array(Place).default([]),
    date: Text.optional(),
    'generation-period': z.looseObject({ start: Text.optional(), end: Text.optional() }).optional(),
    'generation-method': z.array(Coded).default([]),
  }),
  use: z.looseObject({
    classification: z.array(z.looseObject({ regulation: Coded, evaluated: z.boolean() })).default([]),
    consents: z.array(Text).default([]),
    'privacy-enhancing': z.array(z.looseObject({ 'tool-category': Coded.optional() })).default([]),
    'data-risk-reducing': z.array(z.looseObject({ technology: Text.optional() })).default([]),
    license: z.array(Text).default([]),
    'intended-purpose': z.array(Coded).default([]),
  }),
});
type Document = z.infer<typeof Document>;

/** Whether a JSON object has the three groups of D&TA or OASIS data provenance metadata. */
export function isProvenanceMetadata(value: Readonly<Record<string, unknown>>): boolean {
  return ['source', 'provenance', 'use'].every((group) => typeof value[group] === 'object');
}

/** Maps D&TA 1.0.0 or OASIS 1.0 data provenance metadata to a record, or says which fields are of the wrong kind. */
export function provenanceRecord(id: string, where: string, value: unknown): DataRecord | CheckProblem[] {
  const result = Document.safeParse(value);
  if (!result.success) {
    return result.error.issues.map((issue) =>
      problem(
        `${where}: ${issue.path.join('.')}`,
        issue.message,
        'correct the field as the standard describes it',
      ),
    );
  }
  const { source, provenance, use } = result.data;
  const oasis = isOasis(result.data);
  const period = provenance['generation-period'];
  return {
    ...emptyRecord(
      id,
      where,
      oasis ? 'OASIS Data Provenance Metadata 1.0' : 'D&TA Data Provenance Standards 1.0.0',
    ),
    names: [id, ...[source.id, source.title, source.name, source.location].flatMap(present)],
    licences: use.license,
    collection: defined({
      method:
        provenance['generation-method'].map(({ code, description }) => description ?? code).join('; ') ||
        undefined,
      timeframe: [period?.start, period?.end].filter(Boolean).join('/') || undefined,
    }),
    ...defined({
      // In D&TA 1.0.0 source.version is the version of the standard, not of the data.
      version: source['data-version'],
      created: provenance.date?.slice(0, 10),
      personalData: personalDataOf(use),
    }),
    origins: [...provenance.origin, ...(source.issuer ?? [])].flatMap(bodyOf),
    derivedFrom: present(provenance.source).map((reference) => ({ id: reference })),
    countries: provenance['origin-geography'].flatMap(({ country }) => present(country)),
    categories: use.classification
      .filter(({ evaluated }) => evaluated)
      .map(({ regulation }) => regulation.code),
    measures: measuresOf(use),
    purposes: use['intended-purpose'].map(({ code, description = code }, index) => ({
      name: description,
      kind: purposeKind(description),
      where: `${where}: use.intended-purpose[${index}]`,
      bases: [],
    })),
    formatProblems: missingFields(where, result.data, oasis),
  };
}

function isOasis({ set, source }: Document): boolean {
  return set !== undefined || source['data-version'] !== undefined || source.about !== undefined;
}

function missingFields(where: string, { source, provenance, use }: Document, oasis: boolean): CheckProblem[] {
  const ofSource = oasis
    ? ['about', 'id', 'issuer', 'location', 'name', 'data-version']
    : ['version', 'title', 'id', 'issuer', 'description'];
  const lacks = [
    ...ofSource.filter((field) => source[field] === undefined).map((field) => `source.${field}`),
    ...(provenance['origin-geography'].length === 0 ? ['provenance.origin-geography'] : []),
    ...(provenance.date === undefined ? ['provenance.date'] : []),
    ...(provenance['generation-method'].length === 0 ? ['provenance.generation-method'] : []),
    ...(use['intended-purpose'].length === 0 ? ['use.intended-purpose'] : []),
  ];
  return [
    ...lacks.map((field) => problem(where, `lacks ${field}, which the standard requires`, `state ${field}`)),
    ...unfilled(where, ofSource, { source, provenance, use }),
  ];
}

/** Required fields that are there and say nothing: a template that nobody filled in. */
function unfilled(
  where: string,
  ofSource: readonly string[],
  { source, provenance, use }: Pick<Document, 'source' | 'provenance' | 'use'>,
): CheckProblem[] {
  const coded = ({ code, description = code }: z.infer<typeof Coded>) => description;
  const said: readonly (readonly [string, unknown])[] = [
    ...ofSource.map((field) => [`source.${field}`, source[field]] as const),
    ...(source.issuer ?? []).map((body) => ['source.issuer', body.name ?? body['legal-name']] as const),
    ...provenance.origin.map((body) => ['provenance.origin', body.name ?? body['legal-name']] as const),
    ...provenance['origin-geography'].map(
      ({ country }) => ['provenance.origin-geography', country ?? ''] as const,
    ),
    ...provenance['generation-method'].map((one) => ['provenance.generation-method', coded(one)] as const),
    ...use['intended-purpose'].map((one) => ['use.intended-purpose', coded(one)] as const),
  ];
  return said.flatMap(([field, text]) => {
    const reason = typeof text === 'string' ? unfilledReason(text) : undefined;
    if (typeof text !== 'string' || reason === undefined) return [];
    return [problem(where, `${field} ${reason}: ${quoted(text)}`, `write what ${field} is`)];
  });
}

/** A classification that was evaluated as true says what the data hold; pseudonymisation lowers it. */
function personalDataOf(use: Document['use']): PersonalData | undefined {
  const about = (pattern: RegExp) =>
    use.classification.filter(({ regulation }) => pattern.test(regulation.code));
  const special = about(/\b(?:SPI|PHI|HIPAA|special)/i);
  const personal = about(/\b(?:PII?|GDPR|CCPA|personal)\b/i);
  if (special.some(({ evaluated }) => evaluated)) return 'special';
  if (!personal.some(({ evaluated }) => evaluated)) return personal.length > 0 ? 'none' : undefined;
  return measuresOf(use).some((measure) => /pseudonym/i.test(measure)) ? 'pseudonymised' : 'personal';
}

function measuresOf(use: Document['use']): string[] {
  return [
    ...use['privacy-enhancing'].flatMap((tool) => present(tool['tool-category']?.code)),
    ...use['data-risk-reducing'].flatMap(({ technology }) => present(technology)),
  ];
}

function bodyOf(body: z.infer<typeof Body>): Source[] {
  const name = body.name ?? body['legal-name'];
  return name === undefined ? [] : [{ id: name, name }];
}

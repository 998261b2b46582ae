import { type Parsed, parsed } from '../../lib/index.ts';
import type { CheckFile } from '../contract.ts';
import { readDocument } from '../evidence/document.ts';
import { defined } from './defined.ts';
import { GovernanceDocument, type GovernanceEntry } from './governance-document.ts';
import { termOf } from './legal-basis.ts';
import { type DataRecord, emptyRecord, type Purpose, type Retention, type Source } from './record.ts';

/** The evidence name of our own document. */
export const DATA_GOVERNANCE = 'data_governance';

/** Reads the `data_governance` document: one record per entry. */
export async function readGovernance(file: CheckFile): Promise<Parsed<readonly DataRecord[]>> {
  const document = await readDocument(DATA_GOVERNANCE, file, GovernanceDocument);
  if (!document.ok) return document;
  return parsed(Object.entries(document.value.datasets).map(([id, entry]) => recordOf(id, entry)));
}

function recordOf(id: string, entry: GovernanceEntry): DataRecord {
  const where = `${DATA_GOVERNANCE}: datasets.${id}`;
  return {
    ...emptyRecord(id, where, 'countersign-data-governance/v1'),
    names: [id, ...(entry.title === undefined ? [] : [entry.title]), ...entry.names],
    licences: entry.licence === undefined ? [] : [entry.licence],
    collection: defined(entry.collection),
    ...defined({ version: entry.version, created: entry.created }),
    files: entry.files.map(defined),
    origins: entry.origins.map(sourceOf),
    derivedFrom: entry.derived_from.map(sourceOf),
    countries: [...entry.origins, ...entry.derived_from].flatMap(({ country }) => country ?? []),
    ...defined({ personalData: entry.contains_personal_data }),
    categories: entry.personal_data_categories,
    measures: entry.measures,
    purposes: entry.purposes.map((purpose, index) => purposeOf(purpose, `${where}.purposes[${index}]`)),
    ...defined({
      retention: entry.retention && retentionOf(entry.retention, `${where}.retention`),
    }),
  };
}

function sourceOf(source: GovernanceEntry['origins'][number]): Source {
  const { id = source.name, name, country } = source;
  return defined({ id, name, country });
}

function purposeOf(purpose: GovernanceEntry['purposes'][number], where: string): Purpose {
  const { article_4a: record } = purpose;
  return {
    name: purpose.name,
    kind: purpose.kind,
    where,
    bases: purpose.legal_bases.map(({ term, balancing_test, consent, law }, index) => ({
      term: termOf(term),
      where: `${where}.legal_bases[${index}]`,
      ...defined({
        consent: consent && defined(consent),
        balancingTest: balancing_test && defined(balancing_test),
        law,
      }),
    })),
    ...defined({
      article4a:
        record &&
        defined({ reference: record.reference, date: record.date, biasCorrected: record.bias_corrected }),
    }),
  };
}

function retentionOf(retention: NonNullable<GovernanceEntry['retention']>, where: string): Retention {
  const { duration, deletion, owner, deleted, holds } = retention;
  return {
    where,
    holds,
    ...defined({
      duration,
      deletion,
      owner,
      deleted,
      startEvent: retention.start_event,
      startDate: retention.start_date,
      endEvent: retention.end_event,
      endDate: retention.end_date,
    }),
  };
}

import { defined, present } from '../defined.ts';
import { EU_GDPR, termOf } from '../legal-basis.ts';
import { purposeKind } from '../purpose.ts';
import {
  type ConsentRecord,
  type DatedDocument,
  type LegalBasis,
  PERSONAL_DATA,
  type PersonalData,
  type Purpose,
  type Retention,
} from '../record.ts';
import { idOf, isNode, type Node, nameOf, nodes, termsOf, text, textOf, texts, values } from './node.ts';
import { DCT, DPV, OURS, RDF_VALUE, SC } from './vocabulary.ts';

const DATE = [`${DCT}date`, `${DCT}created`, `${DCT}issued`, `${SC}dateCreated`] as const;
/** What DPV's kinds of data amount to, the most telling first. */
const LEVELS: ReadonlyMap<string, PersonalData> = new Map([
  [`${DPV}SpecialCategoryPersonalData`, 'special'],
  [`${DPV}PseudonymisedData`, 'pseudonymised'],
  [`${DPV}NonPersonalData`, 'none'],
  [`${DPV}AnonymisedData`, 'none'],
  [`${DPV}SyntheticData`, 'none'],
]);

/** A dataset's statements of purpose stand on it, or on the processes (DPV 2) that it names; each is read by itself. */
export function contextsOf(dataset: Node): readonly Node[] {
  const nested = nodes(dataset, `${DPV}hasProcess`, `${DPV}hasPersonalDataHandling`);
  return [dataset, ...nested.flatMap(contextsOf)];
}

/** The purposes with the lawful bases stated beside them. */
export function purposesOf(where: string, dataset: Node): Purpose[] {
  return contextsOf(dataset).flatMap((context) => {
    const bases = values(context, `${DPV}hasLegalBasis`).map((value) => legalBasis(where, value));
    return values(context, `${DPV}hasPurpose`).map((value) => purposeOf(where, value, bases));
  });
}

function purposeOf(where: string, value: unknown, shared: readonly LegalBasis[]): Purpose {
  const stated = isNode(value) ? termsOf(value) : [];
  const name = textOf(value) ?? stated[0] ?? '';
  const kinds = [...stated, name].map(purposeKind);
  const own = isNode(value)
    ? values(value, `${DPV}hasLegalBasis`).map((item) => legalBasis(where, item))
    : [];
  const record = isNode(value) ? nodes(value, `${OURS}article4aRecord`)[0] : undefined;
  return {
    name,
    kind: kinds.find((kind) => kind !== 'other') ?? 'other',
    where: `${where}: dpv:hasPurpose`,
    bases: [...own, ...shared],
    ...defined({ article4a: record && { ...document(record), ...corrected(record) } }),
  };
}

function corrected(record: Node) {
  return defined({ biasCorrected: text(record, `${OURS}biasCorrected`) });
}

function legalBasis(where: string, value: unknown): LegalBasis {
  const terms = termsOf(value);
  const stated = terms.find((term) => term.startsWith(EU_GDPR)) ?? terms[0] ?? textOf(value) ?? '';
  const node = isNode(value) ? value : {};
  const test = nodes(node, `${DPV}hasAssessment`, `${DPV}hasImpactAssessment`)[0];
  const consent = nodes(node, `${DPV}hasConsentRecord`, `${DPV}hasRecord`)[0];
  return {
    term: termOf(stated),
    where: `${where}: dpv:hasLegalBasis`,
    ...defined({
      balancingTest: test && document(test),
      consent: consent && consentRecord(consent),
      law: text(node, `${DPV}hasApplicableLaw`, `${DPV}hasLaw`),
    }),
  };
}

function document(node: Node): DatedDocument {
  const reference = text(node, `${DCT}identifier`, `${SC}url`) ?? idOf(node) ?? nameOf(node) ?? '';
  return { reference, ...defined({ date: text(node, ...DATE) }) };
}

function consentRecord(node: Node): ConsentRecord {
  return {
    ...document(node),
    ...defined({
      version: text(node, `${DCT}hasVersion`, `${SC}version`),
      withdrawal: text(node, `${DPV}hasConsentControl`, `${DPV}isWithdrawnUsing`),
    }),
  };
}

/** The highest level among the kinds of data that are stated. Personal data of a kind without a level are personal. */
export function personalDataOf(dataset: Node): PersonalData | undefined {
  const contexts = contextsOf(dataset);
  const stated = [
    ...contexts
      .flatMap((context) => values(context, `${DPV}hasPersonalData`))
      .map((value) => levelOf(value) ?? 'personal'),
    ...contexts
      .flatMap((context) => values(context, `${DPV}hasData`))
      .flatMap((value) => present(levelOf(value))),
  ];
  return PERSONAL_DATA.findLast((level) => stated.includes(level));
}

function levelOf(value: unknown): PersonalData | undefined {
  const terms = termsOf(value);
  return [...LEVELS].find(([term]) => terms.includes(term))?.[1];
}

/** What the personal data are about, in words. */
export function categoriesOf(dataset: Node): string[] {
  return contextsOf(dataset).flatMap((context) =>
    nodes(context, `${DPV}hasPersonalData`).flatMap((node) => [
      ...present(nameOf(node)),
      ...texts(node, `${DPV}hasPersonalData`),
    ]),
  );
}

/** Technical and organisational measures, as stated. */
export function measuresOf(dataset: Node): string[] {
  const properties = ['hasTechnicalOrganisationalMeasure', 'hasTechnicalMeasure', 'hasOrganisationalMeasure'];
  return contextsOf(dataset).flatMap((context) =>
    values(context, ...properties.map((name) => `${DPV}${name}`)).flatMap(
      (value) => (isNode(value) ? termsOf(value)[0] : textOf(value)) ?? [],
    ),
  );
}

/** The storage conditions as one rule of retention. */
export function retentionOf(where: string, dataset: Node): Retention | undefined {
  const conditions = contextsOf(dataset).flatMap((context) => nodes(context, `${DPV}hasStorageCondition`));
  const ofType = (type: string) => conditions.filter((node) => termsOf(node).includes(`${DPV}${type}`));
  const durations = ofType('StorageDuration');
  const deletions = ofType('StorageDeletion');
  if (conditions.length === 0) return undefined;
  const first = <T>(read: (node: Node) => T | undefined, from = conditions) => from.map(read).find(Boolean);
  return {
    where: `${where}: dpv:hasStorageCondition`,
    holds: conditions.flatMap((node) => nodes(node, `${OURS}hold`)).map(holdOf),
    ...defined({
      ...endOf(durations.flatMap((node) => values(node, `${DPV}hasDuration`))),
      startEvent: first((node) => text(node, `${OURS}startEvent`)),
      startDate: first((node) => text(node, `${OURS}startDate`)),
      deletion: first(
        (node) => text(node, `${SC}description`, `${DCT}description`) ?? nameOf(node),
        deletions,
      ),
      owner: first((node) => text(node, `${DPV}hasResponsibleEntity`, `${DPV}isImplementedByEntity`)),
      deleted: first((node) => text(node, `${OURS}deleted`)),
    }),
  };
}

/** `dpv:hasDuration` is a literal, a TemporalDuration, an UntilTimeDuration or an UntilEventDuration; others have no end. */
function endOf(stated: readonly unknown[]) {
  const kinds = { UntilEventDuration: 'endEvent', UntilTimeDuration: 'endDate' } as const;
  return Object.assign(
    {},
    ...stated.map((value) => {
      const said = isNode(value) ? (text(value, RDF_VALUE) ?? nameOf(value)) : textOf(value);
      const local = isNode(value) ? termsOf(value).map((term) => term.replace(DPV, '')) : [];
      if (said === undefined || local.includes('EndlessDuration') || local.includes('IndeterminateDuration'))
        return {};
      const kind = Object.entries(kinds).find(([type]) => local.includes(type))?.[1] ?? 'duration';
      return { [kind]: said };
    }),
  ) as Partial<Record<'duration' | 'endEvent' | 'endDate', string>>;
}

function holdOf(node: Node) {
  return {
    reason: text(node, `${SC}description`, `${DCT}description`) ?? nameOf(node) ?? '',
    documents: [...texts(node, `${OURS}document`)],
  };
}

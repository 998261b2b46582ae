import { problem } from '../../report.ts';
import { defined, present } from '../defined.ts';
import { type DataFile, type DataRecord, emptyRecord, type Source } from '../record.ts';
import { categoriesOf, contextsOf, measuresOf, personalDataOf, purposesOf, retentionOf } from './dpv.ts';
import type { Expanded } from './expand.ts';
import { croissantVersion, formatProblems, raiWarnings } from './format-problems.ts';
import { idOf, isNode, type Node, nameOf, nodes, text, textOf, texts, values } from './node.ts';
import { CR, DPV, PROV, RAI, SC } from './vocabulary.ts';

const DERIVED = [`${PROV}wasDerivedFrom`, `${PROV}hadPrimarySource`, `${SC}isBasedOn`] as const;
const COUNTRY = [`${SC}countryOfOrigin`, `${SC}locationCreated`, `${SC}spatialCoverage`] as const;

/** Maps an expanded Croissant dataset to the form that the checks read. */
export function croissantRecord(id: string, where: string, { dataset, byId }: Expanded): DataRecord {
  const version = croissantVersion(dataset);
  const derivedFrom = everyDerivation(dataset).map((value) => sourceOf(value, byId));
  return {
    ...emptyRecord(id, where, `Croissant${version === undefined ? '' : ` ${version}`}`),
    names: [id, ...namesOf(dataset)],
    licences: values(dataset, `${SC}license`).flatMap(licenceOf),
    collection: collectionOf(dataset),
    ...defined({
      version: text(dataset, `${SC}version`),
      created: text(dataset, `${SC}dateCreated`, `${SC}dateModified`, `${SC}datePublished`)?.slice(0, 10),
      personalData: personalDataOf(dataset),
      retention: retentionOf(where, dataset),
    }),
    files: nodes(dataset, `${SC}distribution`).map(fileOf),
    derivedFrom,
    origins: originsOf(dataset),
    countries: [
      ...new Set([...texts(dataset, ...COUNTRY), ...derivedFrom.flatMap(({ country }) => present(country))]),
    ],
    categories: [...categoriesOf(dataset), ...texts(dataset, `${RAI}personalSensitiveInformation`)],
    measures: measuresOf(dataset),
    purposes: purposesOf(where, dataset),
    usage: values(dataset, `${SC}usageInfo`).flatMap(usageOf),
    formatProblems: formatProblems(where, dataset),
    warnings: [...raiWarnings(where, dataset), ...unreadBases(where, dataset)],
  };
}

function namesOf(dataset: Node): string[] {
  const properties = ['name', 'alternateName', 'identifier', 'url', 'sameAs'].map((name) => `${SC}${name}`);
  return [...present(idOf(dataset)), ...texts(dataset, ...properties)];
}

/** A licence may be a CreativeWork whose URL says more than its name. */
function licenceOf(value: unknown): string[] {
  const url = isNode(value) ? text(value, `${SC}url`) : undefined;
  return present(url ?? textOf(value));
}

function collectionOf(dataset: Node): DataRecord['collection'] {
  const method = [
    ...texts(dataset, `${RAI}dataCollection`, `${RAI}dataCollectionType`),
    ...nodes(dataset, `${PROV}wasGeneratedBy`).flatMap((node) =>
      present(text(node, `${SC}description`) ?? nameOf(node)),
    ),
  ].join('; ');
  const timeframe = texts(dataset, `${RAI}dataCollectionTimeframe`, `${SC}temporalCoverage`).join('/');
  return defined({ method: method || undefined, timeframe: timeframe || undefined });
}

function fileOf(resource: Node): DataFile {
  const sha256 = text(resource, `${SC}sha256`, `${CR}sha256`)?.toLowerCase();
  const name = nameOf(resource) ?? idOf(resource) ?? text(resource, `${SC}contentUrl`) ?? '?';
  return { name, ...defined({ sha256 }) };
}

/** Derivations of the dataset and of its resources: 1.1 allows PROV at any level. */
function everyDerivation(dataset: Node): readonly unknown[] {
  const parts = [dataset, ...nodes(dataset, `${SC}distribution`, `${CR}recordSet`)];
  return parts.flatMap((part) => values(part, ...DERIVED));
}

function sourceOf(value: unknown, byId: ReadonlyMap<string, Node>): Source {
  if (!isNode(value)) return { id: textOf(value) ?? '' };
  const full = byId.get(String(value['@id'])) ?? value;
  const name = nameOf(full);
  const id = idOf(full) ?? text(full, `${SC}url`) ?? name ?? '';
  return { id, ...defined({ name, country: text(full, ...COUNTRY) }) };
}

function originsOf(dataset: Node): Source[] {
  const all = values(dataset, `${PROV}wasAttributedTo`, `${SC}creator`).flatMap((value): Source[] => {
    const name = textOf(value);
    return name === undefined ? [] : [{ id: (isNode(value) ? idOf(value) : undefined) ?? name, name }];
  });
  return [...new Map(all.map((origin) => [origin.id, origin])).values()];
}

/** A term of use by its code, or the permissions of an ODRL offer. */
function usageOf(value: unknown): string[] {
  if (!isNode(value)) return [textOf(value) ?? ''].filter(Boolean);
  const actions = nodes(value, 'http://www.w3.org/ns/odrl/2/permission').flatMap((permission) =>
    texts(permission, 'http://www.w3.org/ns/odrl/2/action'),
  );
  const code = text(value, `${SC}termCode`) ?? nameOf(value) ?? idOf(value);
  return [...(code === undefined ? [] : [code]), ...actions];
}

/** A lawful basis beside no purpose is a basis for nothing. */
function unreadBases(where: string, dataset: Node) {
  return contextsOf(dataset)
    .filter((context) => values(context, `${DPV}hasLegalBasis`).length > 0)
    .filter((context) => values(context, `${DPV}hasPurpose`).length === 0)
    .map(() =>
      problem(
        `${where}: dpv:hasLegalBasis`,
        'stands beside no dpv:hasPurpose',
        'state the purpose that it is for',
      ),
    );
}

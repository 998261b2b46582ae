import type { CheckProblem } from '../../../domain/index.ts';
import { unfilledReason } from '../../placeholder.ts';
import { problem, quoted } from '../../report.ts';
import { idOf, isA, type Node, nameOf, nodes, text, textOf, texts, values } from './node.ts';
import { CR, DCT, RAI, RAI_PROPERTIES, SC } from './vocabulary.ts';

const CONFORMS = [`${DCT}conformsTo`, `${SC}conformsTo`] as const;
const REQUIRED = ['name', 'description', 'license', 'url', 'creator', 'datePublished', 'distribution'];
/** Properties whose words must say something; the licence is judged on its own. */
const FILLED = ['name', 'description', 'url', 'creator', 'datePublished', 'version'];
const FILLED_OF_FILES = ['name', 'contentUrl', 'encodingFormat'];
const VERSION = /^https?:\/\/mlcommons\.org\/croissant\/(1\.[01])\/?$/;

/** The Croissant version that a dataset says it conforms to, if it is one that we know. */
export function croissantVersion(dataset: Node): '1.0' | '1.1' | undefined {
  const versions = texts(dataset, ...CONFORMS).flatMap((iri) => VERSION.exec(iri)?.[1] ?? []);
  return versions.includes('1.1') ? '1.1' : versions.includes('1.0') ? '1.0' : undefined;
}

/** What the specification requires of a dataset and its resources, and is missing or was never filled in. */
export function formatProblems(where: string, dataset: Node): CheckProblem[] {
  const missing = REQUIRED.filter((name) => values(dataset, `${SC}${name}`).length === 0);
  return [
    ...(croissantVersion(dataset) === undefined ? [conformsProblem(where, dataset)] : []),
    ...missing.map((name) => problem(where, `lacks ${name}, which Croissant requires`, `state ${name}`)),
    ...unfilled(where, dataset, FILLED),
    ...nodes(dataset, `${SC}distribution`).flatMap((resource) => resourceProblems(where, resource)),
  ];
}

/** Properties that are there and say nothing: a template that nobody filled in. */
function unfilled(where: string, node: Node, properties: readonly string[]): CheckProblem[] {
  return properties.flatMap((name) =>
    values(node, `${SC}${name}`).flatMap((value) => {
      const said = textOf(value) ?? '';
      const reason = unfilledReason(said);
      const message = `${name} ${reason}${said === '' ? '' : `: ${quoted(said)}`}`;
      return reason === undefined ? [] : [problem(where, message, `write what the ${name} is`)];
    }),
  );
}

function conformsProblem(where: string, dataset: Node): CheckProblem {
  const stated = text(dataset, ...CONFORMS);
  const message =
    stated === undefined
      ? 'lacks conformsTo, which Croissant requires'
      : `conforms to ${quoted(stated)}, which is no Croissant version that we know`;
  return problem(where, message, 'state "conformsTo": "http://mlcommons.org/croissant/1.1" (or 1.0)');
}

function resourceProblems(where: string, resource: Node): CheckProblem[] {
  const at = `${where}: distribution ${quoted(idOf(resource) ?? nameOf(resource) ?? '?')}`;
  if (isA(resource, `${CR}FileSet`)) return [];
  if (!isA(resource, `${CR}FileObject`))
    return [
      problem(at, 'is neither a FileObject nor a FileSet', 'state "@type": "cr:FileObject" (or cr:FileSet)'),
    ];
  const contained = values(resource, `${CR}containedIn`, `${SC}containedIn`).length > 0;
  const sha256 = text(resource, `${SC}sha256`, `${CR}sha256`);
  const lacks = (what: string, remedy: string) => [problem(at, `lacks ${what}`, remedy)];
  return [
    ...unfilled(at, resource, FILLED_OF_FILES),
    ...(contained || text(resource, `${SC}contentUrl`) !== undefined
      ? []
      : lacks('contentUrl', 'say where the file is')),
    ...(contained || sha256 !== undefined || text(resource, `${CR}md5`, `${SC}md5`) !== undefined
      ? []
      : lacks('sha256 (or md5)', 'state the SHA-256 of the file')),
    ...(sha256 === undefined || /^[0-9a-f]{64}$/i.test(sha256)
      ? []
      : [
          problem(
            at,
            `sha256 ${quoted(sha256)} is not 64 hex digits`,
            'write the output of sha256sum for the file',
          ),
        ]),
  ];
}

/** Names in the RAI namespace that the vocabulary does not have, mostly misspellings. */
export function raiWarnings(where: string, dataset: Node): CheckProblem[] {
  return Object.keys(dataset)
    .filter((key) => key.startsWith(RAI) && !RAI_PROPERTIES.has(key.slice(RAI.length)))
    .map((key) =>
      problem(
        where,
        `rai:${key.slice(RAI.length, RAI.length + 60)} is no property of Croissant RAI 1.0`,
        'correct its spelling, or remove it',
      ),
    );
}

import { type Parsed, type Problem, parseYamlDocuments, withArticle } from '../../lib/index.ts';
import type { CheckFile } from '../contract.ts';
import { decodeText } from '../evidence/document.ts';
import { readEvidence } from '../evidence/file.ts';
import { type NginxDirective, parseNginx } from './nginx-syntax.ts';
import { nameOf, type Resource, toResource } from './resource.ts';
import { at, listAt, objectsIn, textAt } from './values.ts';

/** Evidence name of the manifests; further files are named `deployment.…`, nginx's `deployment.nginx…`. */
export const DEPLOYMENT = 'deployment';

/** A Kong declarative configuration or nginx configuration file. */
export interface ConfigurationFile<T> {
  readonly file: string;
  readonly value: T;
}

/** All that the deployment evidence says. */
export interface Manifests {
  readonly resources: readonly Resource[];
  readonly kong: readonly ConfigurationFile<unknown>[];
  readonly nginx: readonly ConfigurationFile<readonly NginxDirective[]>[];
  /** What could not be read; with any of it nothing is judged. */
  readonly problems: readonly Problem[];
}

const MAX_BYTES = 1024 * 1024;
const MAX_FILES = 64;
const MAX_RESOURCES = 5000;
const RENDER = 'submit what is applied: the output of helm template or kubectl kustomize';
const TEMPLATE = /\{\{|\$\{[A-Za-z_][A-Za-z0-9_]*\}|%[A-Z][A-Z0-9_]{2,}%/;

/** Whether an evidence name is that of a deployment file. */
function isDeployment(name: string): boolean {
  return name === DEPLOYMENT || name.startsWith(`${DEPLOYMENT}.`);
}

/** Reads all deployment evidence; undefined when none was submitted. */
export async function readManifests(
  evidence: ReadonlyMap<string, CheckFile>,
): Promise<Manifests | undefined> {
  const files = [...evidence].filter(([name]) => isDeployment(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (files.length === 0) return undefined;
  const read = await Promise.all(files.slice(0, MAX_FILES).map(([name, file]) => readFile(name, file)));
  const resources = read.flatMap((part) => part.resources);
  return {
    resources: resources.slice(0, MAX_RESOURCES),
    kong: read.flatMap((part) => part.kong),
    nginx: read.flatMap((part) => part.nginx),
    problems: [
      ...read.flatMap((part) => part.problems),
      ...(files.length > MAX_FILES || resources.length > MAX_RESOURCES
        ? [{ where: DEPLOYMENT, message: `holds more than ${MAX_FILES} files or ${MAX_RESOURCES} objects` }]
        : []),
      ...repeated(resources),
    ],
  };
}

const NOTHING: Manifests = { resources: [], kong: [], nginx: [], problems: [] };

async function readFile(name: string, file: CheckFile): Promise<Manifests> {
  const bytes = await readEvidence(name, file, MAX_BYTES);
  const text = bytes.ok ? decodeText(name, bytes.value) : bytes;
  if (!text.ok) return { ...NOTHING, problems: text.problems };
  if (name.startsWith(`${DEPLOYMENT}.nginx`)) return readNginx(name, text.value);
  const documents = parseYamlDocuments({ file: name, text: text.value });
  if (!documents.ok) return { ...NOTHING, problems: withTemplateHint(text.value, documents) };
  if (documents.value.length === 0) return { ...NOTHING, problems: [{ where: name, message: 'is empty' }] };
  const parts = documents.value.map(({ line, value }) => readObject(name, `${name}:${line}`, value));
  return {
    resources: parts.flatMap((part) => part.resources),
    kong: parts.flatMap((part) => part.kong),
    nginx: [],
    problems: parts.flatMap((part) => part.problems),
  };
}

function readNginx(name: string, text: string): Manifests {
  const directives = parseNginx(name, text);
  if (!directives.ok) return { ...NOTHING, problems: directives.problems };
  return { ...NOTHING, nginx: [{ file: name, value: directives.value }] };
}

function readObject(file: string, place: string, value: unknown): Manifests {
  if (at(value, '_format_version') !== undefined)
    return { ...NOTHING, kong: [{ file, value }], problems: templates(place, value) };
  const kind = textAt(value, 'kind');
  if (kind !== undefined && /^[A-Za-z]*List$/.test(kind) && Array.isArray(at(value, 'items'))) {
    const parts = listAt(value, 'items').map((item, index) =>
      readObject(file, `${place} items[${index}]`, item),
    );
    return {
      ...NOTHING,
      resources: parts.flatMap((part) => part.resources),
      problems: parts.flatMap((part) => part.problems),
    };
  }
  if (textAt(value, 'apiVersion')?.startsWith('kustomize.config.k8s.io/'))
    return refused(
      place,
      `is ${withArticle(kind ?? 'Kustomize')} file, which only says how to make manifests`,
    );
  const resource = toResource(value, place);
  if (resource === undefined)
    return refused(
      place,
      'is neither a Kubernetes object (apiVersion, kind, metadata.name) nor a Kong declarative configuration',
    );
  return {
    ...NOTHING,
    resources: [resource],
    problems: JUDGED.test(resource.kind) ? templates(place, value) : [],
  };
}

function refused(where: string, message: string): Manifests {
  return { ...NOTHING, problems: [{ where, message, fix: RENDER }] };
}

/** Kinds on the way to a model; others, such as alert rules, hold template marks that are theirs. */
const JUDGED =
  /Route$|Gateway|^Ingress$|Policy$|^Kong|^Middleware$|^VirtualService$|^DestinationRule$|^PeerAuthentication$|^EnvoyFilter$|^ReferenceGrant$|^Service$|^InferenceService$|^Deployment$|^StatefulSet$|^WasmPlugin$/;

/** Marks of a template that nobody filled in. */
function templates(where: string, value: unknown): Problem[] {
  for (const object of objectsIn(value)) {
    for (const [key, item] of Object.entries(object)) {
      const texts = Array.isArray(item) ? item : [item];
      const found = [key, ...texts].find((text) => typeof text === 'string' && TEMPLATE.test(text));
      if (found !== undefined)
        return [
          {
            where,
            message: `holds a template mark that was not filled in: ${String(found).slice(0, 60)}`,
            fix: RENDER,
          },
        ];
    }
  }
  return [];
}

function withTemplateHint(text: string, result: Parsed<unknown>): readonly Problem[] {
  if (result.ok) return [];
  if (!text.includes('{{')) return result.problems;
  return result.problems.map(({ where, message }) => ({
    where,
    message: `${message}; the file holds {{ … }}, so it is a template`,
    fix: RENDER,
  }));
}

/** An object that is there twice: which of them is in force cannot be told. */
function repeated(resources: readonly Resource[]): Problem[] {
  const seen = new Map<string, Resource>();
  return resources.flatMap((resource) => {
    const key = `${resource.group}/${nameOf(resource)}`;
    const before = seen.get(key);
    seen.set(key, resource);
    return before === undefined
      ? []
      : [
          {
            where: resource.place,
            message: `${nameOf(resource)} is there twice, first at ${before.place}`,
            fix: 'submit each object once',
          },
        ];
  });
}

import { textAt, textMapAt } from './values.ts';

/** A Kubernetes object as it stands in a manifest. */
export interface Resource {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Evidence name and line, such as `deployment:41`. */
  readonly place: string;
}

/** An object's identity, by which others refer to it. */
export interface Reference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

const DEFAULT_NAMESPACE = 'default';

/** A manifest's object, or undefined when it lacks apiVersion, kind or a name. */
export function toResource(body: unknown, place: string): Resource | undefined {
  const version = textAt(body, 'apiVersion');
  const kind = textAt(body, 'kind');
  const name = textAt(body, 'metadata', 'name') ?? textAt(body, 'metadata', 'generateName');
  if (version === undefined || kind === undefined || name === undefined) return undefined;
  return {
    group: version.includes('/') ? (version.split('/')[0] ?? '') : '',
    kind,
    namespace: textAt(body, 'metadata', 'namespace') ?? DEFAULT_NAMESPACE,
    name,
    labels: textMapAt(body, 'metadata', 'labels'),
    annotations: textMapAt(body, 'metadata', 'annotations'),
    body,
    place,
  };
}

/** `HTTPRoute bank/fraud-detection`: how messages call an object. */
export function nameOf({ kind, namespace, name }: Reference): string {
  return `${kind} ${namespace}/${name}`;
}

/** Where an object stands, for a problem: evidence, line and name. */
export function whereOf(resource: Resource): string {
  return `${resource.place}: ${nameOf(resource)}`;
}

/** Whether two references mean the same object. */
export function same(one: Reference, other: Reference): boolean {
  return one.kind === other.kind && one.namespace === other.namespace && one.name === other.name;
}

import type { Backend, Door } from './door.ts';
import { refersTo } from './doors/kong.ts';
import { type Finding, fails } from './finding.ts';
import { isBackend } from './model-services.ts';
import { nameOf, type Resource, whereOf } from './resource.ts';
import { at, listAt, textAt } from './values.ts';

/** A plugin of Kong that is in force for a door. */
export interface KongPlugin {
  readonly where: string;
  readonly name: string;
  readonly config: unknown;
}

/** The plugins in force, and references to ones that are not there. */
export interface KongPlugins {
  readonly plugins: readonly KongPlugin[];
  readonly findings: readonly Finding[];
}

const PLUGIN_KINDS = ['KongPlugin', 'KongClusterPlugin'];
const ANNOTATION = 'konghq.com/plugins';

/** The plugins of these names in force for a door: of the closest place that has one of the name, as Kong chooses. */
export function kongPlugins(
  door: Door,
  names: readonly string[],
  resources: readonly Resource[],
): KongPlugins {
  if (door.frame.platform === 'kong') return { plugins: closest(declared(door.frame, names)), findings: [] };
  if (door.frame.platform === 'nginx') return { plugins: [], findings: [] };
  const { resource, rule } = door.frame;
  const services = door.backends.flatMap((backend) => serviceOf(backend, resources));
  const levels = [
    [...referenced(resource, resources), ...extensions(resource, rule, resources)],
    services.flatMap((service) => referenced(service, resources)),
  ];
  const global = resources.filter(
    (plugin) => plugin.kind === 'KongClusterPlugin' && plugin.labels['global'] === 'true' && isKong(door),
  );
  const found = levels.map((level) => level.flatMap(({ plugin }) => (plugin === undefined ? [] : [plugin])));
  return {
    plugins: closest(
      [...found, global].map((level) => level.map(toPlugin).filter(({ name }) => names.includes(name))),
    ),
    findings: levels.flat().flatMap(({ finding }) => (finding === undefined ? [] : [finding])),
  };
}

/** Plugins of these names that no object of the manifests refers to. */
export function danglingPlugins(names: readonly string[], resources: readonly Resource[]): Finding[] {
  const references = resources.flatMap((resource) => [
    ...referenced(resource, resources),
    ...listAt(resource.body, 'spec', 'rules').flatMap((rule) => extensions(resource, rule, resources)),
  ]);
  return resources
    .filter(
      (plugin) => PLUGIN_KINDS.includes(plugin.kind) && names.includes(textAt(plugin.body, 'plugin') ?? ''),
    )
    .filter(
      (plugin) =>
        plugin.labels['global'] !== 'true' && !references.some((reference) => reference.plugin === plugin),
    )
    .map((plugin) => {
      const there = resources
        .filter(({ kind }) => ['Ingress', 'HTTPRoute', 'Service'].includes(kind))
        .map(nameOf);
      return fails(
        whereOf(plugin),
        `attaches to nothing: no object names it in ${ANNOTATION}; there is ${there.slice(0, 10).join(', ') || 'no route'}`,
        `add the annotation ${ANNOTATION}: ${plugin.name} to the route`,
      );
    });
}

interface Referenced {
  readonly plugin: Resource | undefined;
  readonly finding: Finding | undefined;
}

function referenced(resource: Resource, resources: readonly Resource[]): Referenced[] {
  const names = (resource.annotations[ANNOTATION] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.map((name) => {
    const own = resources.find(
      (plugin) =>
        plugin.kind === 'KongPlugin' && plugin.namespace === resource.namespace && plugin.name === name,
    );
    const plugin =
      own ?? resources.find(({ kind, name: other }) => kind === 'KongClusterPlugin' && other === name);
    if (plugin !== undefined) return { plugin, finding: undefined };
    return {
      plugin,
      finding: fails(
        whereOf(resource),
        `names the plugin ${name} in ${ANNOTATION}, which is not there in its namespace`,
        'submit it, or correct the name',
      ),
    };
  });
}

/** Filters of a Gateway API rule that refer to a KongPlugin. */
function extensions(route: Resource, rule: unknown, resources: readonly Resource[]): Referenced[] {
  const references = listAt(rule, 'filters')
    .map((filter) => at(filter, 'extensionRef'))
    .filter((ref) => textAt(ref, 'kind') === 'KongPlugin');
  return references.map((ref) => {
    const name = textAt(ref, 'name') ?? '';
    const plugin = resources.find(
      (item) => item.kind === 'KongPlugin' && item.namespace === route.namespace && item.name === name,
    );
    return {
      plugin,
      finding:
        plugin === undefined
          ? fails(
              whereOf(route),
              `refers to the KongPlugin ${name}, which is not there`,
              'submit the KongPlugin too, or remove the annotation',
            )
          : undefined,
    };
  });
}

function isKong(door: Door): boolean {
  if (door.frame.platform !== 'ingress' && door.frame.platform !== 'gateway_api') return false;
  const { resource } = door.frame;
  return JSON.stringify(resource.body).toLowerCase().includes('kong');
}

function toPlugin(plugin: Resource): KongPlugin & { readonly off?: boolean } {
  return {
    where: whereOf(plugin),
    name: textAt(plugin.body, 'plugin') ?? '',
    config: at(plugin.body, 'config'),
    off: at(plugin.body, 'disabled') === true,
  };
}

function declared(
  { service, route, file }: { readonly service: unknown; readonly route: unknown; readonly file: unknown },
  names: readonly string[],
) {
  const top = listAt(file, 'plugins');
  const scoped = (key: string) => top.filter((plugin) => at(plugin, key) !== undefined);
  const free = top.filter((plugin) =>
    ['route', 'service', 'consumer', 'consumer_group'].every((key) => at(plugin, key) === undefined),
  );
  const levels = [
    [
      ...listAt(route, 'plugins'),
      ...scoped('route').filter((plugin) => refersTo(at(plugin, 'route'), route)),
    ],
    [
      ...listAt(service, 'plugins'),
      ...scoped('service').filter(
        (plugin) => at(plugin, 'route') === undefined && refersTo(at(plugin, 'service'), service),
      ),
    ],
    free,
  ];
  const places = [
    `route ${textAt(route, 'name') ?? ''}`,
    `service ${textAt(service, 'name') ?? ''}`,
    'all services',
  ];
  return levels.map((level, index) =>
    level
      .filter(
        (plugin) => at(plugin, 'consumer') === undefined && names.includes(textAt(plugin, 'name') ?? ''),
      )
      .map((plugin) => {
        const name = textAt(plugin, 'name') ?? '';
        return {
          where: `plugin ${name} of Kong's ${places[index]}`,
          name,
          config: at(plugin, 'config'),
          off: at(plugin, 'enabled') === false,
        };
      }),
  );
}

/** Of each name the plugins of the first level that has it switched on. */
function closest(levels: readonly (readonly (KongPlugin & { readonly off?: boolean })[])[]): KongPlugin[] {
  const kept: KongPlugin[] = [];
  for (const level of levels) {
    const taken = new Set(kept.map(({ name }) => name));
    kept.push(...level.filter(({ name, off }) => off !== true && !taken.has(name)));
  }
  return kept;
}

function serviceOf(backend: Backend, resources: readonly Resource[]): Resource[] {
  return resources.filter((resource) => resource.kind === 'Service' && isBackend(backend, resource));
}

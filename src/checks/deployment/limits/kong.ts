import type { Door } from '../door.ts';
import { type Finding, fails, warns } from '../finding.ts';
import { type KongPlugin, kongPlugins } from '../kong-plugins.ts';
import type { Resource } from '../resource.ts';
import { at, listAt, numberAt, textAt } from '../values.ts';
import { byHeader, type Limit, type LimitKey, type Limits, noCount, together } from './limit.ts';

/** Kong's plugins that limit requests. */
export const KONG_LIMITS: readonly string[] = ['rate-limiting', 'rate-limiting-advanced'];

/** The limits of Kong's plugins that are in force for a door. */
export function kongLimits(door: Door, resources: readonly Resource[]): Limits {
  const { plugins, findings } = kongPlugins(door, KONG_LIMITS, resources);
  return together({ limits: [], findings }, ...plugins.map(pluginLimits));
}

function pluginLimits(plugin: KongPlugin): Limits {
  const windows = plugin.name === 'rate-limiting' ? simple(plugin.config) : advanced(plugin.config);
  const perMinute = Math.min(...windows.map(({ requests, seconds }) => requests * Math.max(1, 60 / seconds)));
  if (!Number.isFinite(perMinute))
    return {
      limits: [],
      findings: [fails(plugin.where, `${plugin.name} states no limit`, 'set config.minute')],
    };
  const wrong = windows.find(({ requests }) => !Number.isSafeInteger(requests) || requests <= 0);
  if (wrong !== undefined)
    return { limits: [], findings: [noCount(plugin.where, `a limit of ${plugin.name}`, wrong.requests)] };
  const { key, by } = keyOf(plugin.config);
  const strategy = textAt(plugin.config, 'policy') ?? textAt(plugin.config, 'strategy') ?? 'local';
  const limit: Limit = { where: plugin.where, perMinute, key, by, perReplica: strategy === 'local' };
  return { limits: [limit], findings: cautions(plugin, strategy) };
}

interface Window {
  readonly requests: number;
  readonly seconds: number;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['second', 1],
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
  ['month', 2_592_000],
  ['year', 31_536_000],
];

function simple(config: unknown): Window[] {
  return UNITS.flatMap(([unit, seconds]) => {
    const requests = numberAt(config, unit);
    return requests === undefined ? [] : [{ requests, seconds }];
  });
}

function advanced(config: unknown): Window[] {
  const sizes = listAt(config, 'window_size');
  return listAt(config, 'limit').flatMap((_, index) => {
    const [requests, seconds] = [numberAt(config, 'limit', index), numberAt(sizes, index)];
    return requests === undefined || seconds === undefined || seconds <= 0 ? [] : [{ requests, seconds }];
  });
}

function keyOf(config: unknown): { key: LimitKey; by: string } {
  const by = textAt(config, 'limit_by') ?? textAt(config, 'identifier') ?? 'consumer';
  if (by === 'header') {
    const name = textAt(config, 'header_name') ?? '';
    return { key: 'forgeable', by: byHeader(name) };
  }
  if (['service', 'path', 'route'].includes(by)) return { key: 'shared', by };
  return { key: 'client', by: by === 'ip' ? 'the source address' : `the ${by}` };
}

function cautions({ where, config }: KongPlugin, strategy: string): Finding[] {
  const found: Finding[] = [];
  if (strategy !== 'local' && at(config, 'fault_tolerant') !== false)
    found.push(
      warns(
        where,
        'lets every request through while its store is down (fault_tolerant)',
        'set fault_tolerant: false',
      ),
    );
  const code = numberAt(config, 'error_code');
  if (code !== undefined && code !== 429)
    found.push(warns(where, `answers with ${code}, not 429, on excess`, 'set error_code: 429'));
  return found;
}

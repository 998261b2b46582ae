import type { Door } from '../door.ts';
import { directives } from '../doors/nginx.ts';
import { type Finding, fails, unknown, warns } from '../finding.ts';
import type { NginxDirective } from '../nginx-syntax.ts';
import { byHeader, type Limit, type LimitKey, type Limits, noCount } from './limit.ts';

/** The limits of limit_req in a location, else its server, else http: nginx inherits only where nothing is set. */
export function nginxLimits(door: Door): Limits {
  if (door.frame.platform !== 'nginx') return { limits: [], findings: [] };
  const { http, server, location } = door.frame;
  const levels = [location, server, http];
  const applied =
    levels.map((block) => directives(block, 'limit_req')).find((found) => found.length > 0) ?? [];
  const zones = directives(http, 'limit_req_zone');
  if (applied.length === 0) return { limits: [], findings: unused(door, zones) };
  const first = (name: string) =>
    levels.map((block) => directives(block, name)[0]).find((found) => found !== undefined)?.args[0];
  if (first('limit_req_dry_run') === 'on')
    return {
      limits: [],
      findings: [fails(door.where, 'limit_req_dry_run is on: nothing is limited', 'remove it')],
    };
  const found = applied.map((directive) => ofDirective(door.where, directive, zones));
  return {
    limits: found.flatMap(({ limits }) => limits),
    findings: [
      ...found.flatMap(({ findings }) => findings),
      ...status(door.where, first('limit_req_status')),
    ],
  };
}

function unused(door: Door, zones: readonly NginxDirective[]): Finding[] {
  if (zones.length === 0) return [];
  const names = zones.map((zone) => parameter(zone, 'zone')?.replace(/:.*/, '') ?? '?');
  return [
    fails(
      door.where,
      `has no limit_req: the zone ${names.join(', ')} alone limits nothing`,
      `add limit_req zone=${names[0]} to the location`,
    ),
  ];
}

function ofDirective(where: string, directive: NginxDirective, zones: readonly NginxDirective[]): Limits {
  const name = parameter(directive, 'zone') ?? '';
  const zone = zones.find((item) => parameter(item, 'zone')?.replace(/:.*/, '') === name);
  if (zone === undefined)
    return {
      limits: [],
      findings: [
        fails(
          where,
          `limit_req names the zone ${name}, which limit_req_zone does not define`,
          `define it: limit_req_zone $binary_remote_addr zone=${name}:10m rate=60r/m`,
        ),
      ],
    };
  const [, amount, unit] = /^(\d{1,9})r\/([sm])$/.exec(parameter(zone, 'rate') ?? '') ?? [];
  if (amount === undefined)
    return {
      limits: [],
      findings: [
        unknown(where, `the rate of the zone ${name} is not understood`, 'write rate=60r/m or rate=1r/s'),
      ],
    };
  const burst = parameter(directive, 'burst') ?? '0';
  if (!/^\d{1,9}$/.test(burst))
    return { limits: [], findings: [noCount(where, 'limit_req burst', Number(burst))] };
  const perMinute = Number(amount) * (unit === 's' ? 60 : 1) + Number(burst);
  const key = keyOf(zone.args[0] ?? '');
  if (key === undefined)
    return {
      limits: [],
      findings: [
        unknown(where, `whom the key ${zone.args[0]} counts is not known`, 'use $binary_remote_addr'),
      ],
    };
  const limit: Limit = { where, perMinute, ...key, perReplica: true };
  return { limits: [limit], findings: [] };
}

function keyOf(key: string): { key: LimitKey; by: string } | undefined {
  if (/^\$(?:binary_)?remote_addr$/.test(key)) return { key: 'client', by: 'the source address' };
  if (/^\$(?:ssl_client_s_dn|ssl_client_fingerprint|remote_user|jwt_claim_\w+)$/.test(key))
    return { key: 'client', by: key };
  if (/^\$(?:server_name|host|uri|request_uri|server_addr)$/.test(key) || !key.includes('$'))
    return { key: 'shared', by: key };
  const header =
    /^\$http_(\w+)$/.exec(key)?.[1] ?? (key === '$proxy_add_x_forwarded_for' ? 'x_forwarded_for' : undefined);
  return header === undefined ? undefined : { key: 'forgeable', by: byHeader(header.replaceAll('_', '-')) };
}

function status(where: string, code: string | undefined): Finding[] {
  if (code === '429') return [];
  return [warns(where, `answers with ${code ?? '503'}, not 429, on excess`, 'set limit_req_status 429')];
}

function parameter({ args }: NginxDirective, name: string): string | undefined {
  return args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1);
}

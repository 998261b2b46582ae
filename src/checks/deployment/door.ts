import type { Finding } from './finding.ts';
import type { PathMatch } from './match.ts';
import type { NginxBlock } from './nginx-syntax.ts';
import type { Reference, Resource } from './resource.ts';

/** The products whose configuration is understood. */
export type Platform = 'ingress' | 'gateway_api' | 'istio' | 'kong' | 'traefik' | 'nginx';

/** Where a door leads: a Service, or whatever a proxy calls its upstream. */
export interface Backend extends Reference {
  readonly port?: number | string;
  /** Whether the proxy's own configuration says that it speaks TLS to it. */
  readonly tls?: boolean;
}

/** What a door stands in: a Kubernetes object, an nginx location or a route of a Kong file. */
export type Frame =
  | {
      readonly platform: 'ingress' | 'traefik' | 'gateway_api' | 'istio';
      readonly resource: Resource;
      readonly rule: unknown;
    }
  | { readonly platform: 'kong'; readonly service: unknown; readonly route: unknown; readonly file: unknown }
  | {
      readonly platform: 'nginx';
      readonly http: NginxBlock;
      readonly server: NginxBlock;
      readonly location: NginxBlock;
    };

/** One way in: hosts and a path, and where requests for them go. */
export interface Door {
  readonly platform: Platform;
  readonly frame: Frame;
  /** How messages call it, such as `HTTPRoute bank/fraud-detection`. */
  readonly name: string;
  /** Evidence name, line and name. */
  readonly where: string;
  /** Host patterns; none means every host. */
  readonly hosts: readonly string[];
  readonly path: PathMatch;
  readonly backends: readonly Backend[];
  /** It answers with a redirect to https and leads nowhere else. */
  readonly redirectsToHttps?: boolean;
  /** It takes only some of the requests for its path, such as those of one method; others fall through. */
  readonly narrowed?: boolean;
  /** What is wrong with it or not understood, whatever the check. */
  readonly findings?: readonly Finding[];
}

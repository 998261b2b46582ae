import { nameOf, type Resource, whereOf } from '../resource.ts';
import { at, entriesAt, selects, textAt, textMapAt } from '../values.ts';

/** What PeerAuthentication demands of connections to some pods. */
export interface PeerAuthentication {
  readonly mode: string | undefined;
  readonly where: string | undefined;
  readonly name?: string;
}

const ROOT_NAMESPACE = 'istio-system';

/** The mode in force for pods: by their labels, else for their namespace, else for the mesh. */
export function peerAuthentication(
  namespace: string,
  labels: Readonly<Record<string, string>>,
  resources: readonly Resource[],
): PeerAuthentication {
  const all = resources.filter(
    ({ group, kind }) => group === 'security.istio.io' && kind === 'PeerAuthentication',
  );
  const selectorOf = (policy: Resource) => textMapAt(policy.body, 'spec', 'selector', 'matchLabels');
  const whole = (policy: Resource) => Object.keys(selectorOf(policy)).length === 0;
  const own = all.find((policy) => policy.namespace === namespace && selects(selectorOf(policy), labels));
  const found = [
    own,
    all.find((policy) => policy.namespace === namespace && whole(policy)),
    all.find((policy) => policy.namespace === ROOT_NAMESPACE && whole(policy)),
  ].find((policy) => policy !== undefined && modeOf(policy) !== 'UNSET');
  if (found === undefined) return { mode: undefined, where: undefined };
  return { mode: modeOf(found), where: whereOf(found), name: nameOf(found) };
}

/** The weakest mode of a policy, its single ports included. */
function modeOf(policy: Resource): string {
  const mode = textAt(policy.body, 'spec', 'mtls', 'mode') ?? 'UNSET';
  const ports = entriesAt(at(policy.body, 'spec', 'portLevelMtls')).map(
    ([, port]) => textAt(port, 'mode') ?? 'UNSET',
  );
  return ['DISABLE', 'PERMISSIVE'].find((weak) => weak === mode || ports.includes(weak)) ?? mode;
}

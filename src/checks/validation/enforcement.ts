import type { Door } from '../deployment/door.ts';
import { type Finding, fails, holds, warns } from '../deployment/finding.ts';
import { attachment } from '../deployment/gateway-listeners.ts';
import { danglingPlugins } from '../deployment/kong-plugins.ts';
import { transformerOf } from '../deployment/kserve.ts';
import { podLabels, workloadsBehind } from '../deployment/model-services.ts';
import { danglingPolicies, isFor } from '../deployment/policy.ts';
import { nameOf, type Resource, whereOf } from '../deployment/resource.ts';
import type { Endpoint } from '../deployment/serving.ts';
import { at, listAt, objectsIn, selects, textMapAt } from '../deployment/values.ts';
import type { NegativeTests } from './negative-tests.ts';

/** Annotation by which an object that runs code in front of a model says that it checks request bodies. */
const VALIDATES = 'countersign.dev/validates-requests';

/** Kinds of objects that can run a validator in front of a model. */
const KINDS = ['SecurityPolicy', 'EnvoyExtensionPolicy', 'WasmPlugin', 'EnvoyFilter'];

/** What validates requests at a door other than Kong: opaque code that is declared to, and a validator in the server itself. */
export function enforcement(
  door: Door,
  endpoint: Endpoint,
  resources: readonly Resource[],
  tests: NegativeTests | undefined,
): Finding[] {
  const workloads = door.backends.flatMap((backend) => workloadsBehind(resources, backend));
  const extensions = declared(resources).filter((policy) =>
    isAttached(policy, door, endpoint, workloads, resources),
  );
  const found = [...extensions.map(extension), ...workloads.flatMap(transformer)];
  if (tests === undefined) return found;
  const named = [...workloads, ...extensions].find((resource) => nameOf(resource) === tests.validator);
  return named === undefined
    ? found
    : [...found, holds(whereOf(named), 'validates requests; the negative tests name it')];
}

/** Validators that are declared and in front of nothing. */
export function danglingValidators(resources: readonly Resource[]): Finding[] {
  const targeted = declared(resources).filter(({ kind }) =>
    ['SecurityPolicy', 'EnvoyExtensionPolicy'].includes(kind),
  );
  const kinds = [...new Set(targeted.map(({ kind }) => kind))];
  const lost =
    targeted.length === 0
      ? []
      : danglingPolicies(resources, kinds).filter(({ where }) =>
          targeted.some((policy) => whereOf(policy) === where),
        );
  return [...lost, ...danglingPlugins(['request-validator'], resources)];
}

function declared(resources: readonly Resource[]): Resource[] {
  return resources.filter(
    ({ kind, annotations }) => KINDS.includes(kind) && annotations[VALIDATES] === 'true',
  );
}

function isAttached(
  policy: Resource,
  door: Door,
  endpoint: Endpoint,
  workloads: readonly Resource[],
  resources: readonly Resource[],
): boolean {
  const { frame } = door;
  const gateways =
    frame.platform === 'gateway_api'
      ? attachment(frame.resource, door, endpoint.host, resources).listeners.map(({ gateway }) => gateway)
      : [];
  const targets = 'resource' in frame ? [frame.resource, ...gateways] : gateways;
  if ([...targets, ...door.backends].some((target) => isFor(policy, target, resources))) return true;
  const selector = textMapAt(
    policy.body,
    'spec',
    policy.kind === 'WasmPlugin' ? 'selector' : 'workloadSelector',
    policy.kind === 'WasmPlugin' ? 'matchLabels' : 'labels',
  );
  return workloads.some(
    (workload) => workload.namespace === policy.namespace && selects(selector, podLabels(workload)),
  );
}

/** An extension must see the body, and must not let requests through when it is gone. */
function extension(policy: Resource): Finding {
  const where = whereOf(policy);
  const parts = [...objectsIn(at(policy.body, 'spec'))];
  const open = parts.some(
    (part) =>
      [at(part, 'failOpen'), at(part, 'failure_mode_allow')].includes(true) ||
      at(part, 'failStrategy') === 'FAIL_OPEN',
  );
  if (open) return fails(where, 'lets requests through while the validator is down', 'let it fail closed');
  if (!seesBody(policy, parts))
    return fails(
      where,
      'does not hand the body to the validator',
      'set bodyToExtAuth, processingMode.request.body or with_request_body',
    );
  return holds(where, 'runs a validator in front of the model');
}

function seesBody({ kind, body }: Resource, parts: readonly object[]): boolean {
  if (kind === 'WasmPlugin' || listAt(body, 'spec', 'wasm').length > 0) return true;
  return parts.some(
    (part) =>
      ['bodyToExtAuth', 'with_request_body'].some((key) => at(part, key) !== undefined) ||
      at(part, 'processingMode', 'request', 'body') !== undefined,
  );
}

function transformer(workload: Resource): Finding[] {
  if (workload.kind !== 'InferenceService') return [];
  const image = transformerOf(workload);
  return image === undefined
    ? []
    : [holds(whereOf(workload), `requests pass the transformer ${image.slice(0, 120)}`)];
}

/** Code that cannot be read is believed only as far as tests show it. */
export function unseen(where: string, required: boolean): Finding {
  const message = 'what the validator refuses stands in no manifest, and no negative tests were submitted';
  return (required ? fails : warns)(where, message, 'submit input_validation_tests');
}

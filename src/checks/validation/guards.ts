import type { Door } from '../deployment/door.ts';
import { any, type Finding, fails } from '../deployment/finding.ts';
import type { Manifests } from '../deployment/read.ts';
import type { Endpoint, Serving } from '../deployment/serving.ts';
import { bodyLimit } from './body-limit.ts';
import { danglingValidators, enforcement, unseen } from './enforcement.ts';
import { kongValidator } from './kong-validator.ts';
import type { NegativeTests } from './negative-tests.ts';
import type { Signature } from './signature.ts';

/** What the policy asks of the guards of a door. */
export interface GuardPolicy {
  readonly max_body_bytes: number;
  readonly require_negative_tests: boolean;
}

/** Judges what stands before the model at every door: a validator, and a limit on the size of bodies. */
export function guards(
  { doors, endpoint }: Serving & { readonly endpoint: Endpoint },
  manifests: Manifests,
  signature: Signature | undefined,
  tests: NegativeTests | undefined,
  policy: GuardPolicy,
): Finding[] {
  const { resources } = manifests;
  const serving = doors.filter((door) => door.redirectsToHttps !== true);
  const judged = serving.flatMap((door) => {
    const readable = kongValidator(door, resources, signature);
    const opaque = enforcement(door, endpoint, resources, tests);
    return [
      ...validator(door, readable, opaque, tests, policy),
      ...size(door, bodyLimit(door, endpoint, resources, policy.max_body_bytes), tests),
    ];
  });
  return [...judged, ...danglingValidators(resources)];
}

function validator(
  door: Door,
  readable: readonly Finding[],
  opaque: readonly Finding[],
  tests: NegativeTests | undefined,
  policy: GuardPolicy,
): Finding[] {
  const found = [...readable, ...opaque];
  if (found.length === 0)
    return [
      fails(
        door.where,
        'nothing validates requests before the model',
        "attach Kong's request-validator or a declared validator, use a KServe transformer, or name a validator in the server with input_validation_tests",
      ),
    ];
  if (any(readable, 'holds') || tests !== undefined) return found;
  return any(opaque, 'holds') ? [...found, unseen(door.where, policy.require_negative_tests)] : found;
}

/** A proxy's limit, or the proof that the server itself refuses what is too large. */
function size(door: Door, found: readonly Finding[], tests: NegativeTests | undefined): readonly Finding[] {
  const shown =
    tests?.cases.some(({ case: name, status }) => name === 'oversized_body' && status === 413) ?? false;
  if (found.length > 0 || shown) return found;
  return [
    fails(
      door.where,
      'nothing limits the size of request bodies',
      'set a limit at the proxy (requestBuffer, client_max_body_size, request-size-limiting), or show a 413 in input_validation_tests',
    ),
  ];
}

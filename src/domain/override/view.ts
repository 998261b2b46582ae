import { type Digest, digestOfJson } from '../digest.ts';
import type { Reason } from '../judge/index.ts';
import type { ModelName } from '../model-version.ts';

/** What an officer is shown before they override, as data: these bytes, there, for want of all this. */
export interface OverrideView extends ModelName {
  readonly artifact: Digest;
  readonly environment: string;
  /** What the policy says instead. */
  readonly unmet: readonly Pick<Reason, 'code' | 'message'>[];
}

/** The digest by which a form and the override that follows from it name what was shown. */
export function overrideViewDigest(view: OverrideView): Digest {
  const { modelId, modelVersion, artifact, environment, unmet } = view;
  const reasons = unmet.map(({ code, message }) => ({ code, message }));
  return digestOfJson({ modelId, modelVersion, artifact, environment, unmet: reasons });
}

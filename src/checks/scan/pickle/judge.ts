import type { CheckProblem } from '../../../domain/index.ts';
import { quoted } from '../../report.ts';
import { fault } from '../finding.ts';
import type { PickleWalk } from './walk.ts';

/** What a pickle may do. */
export interface PickleLimits {
  readonly allowedGlobals: readonly string[];
  /** Whether its reader resolves persistent ids in a known way, as PyTorch does for its tensors. */
  readonly persistentIds: boolean;
}

const ALLOW =
  'save the weights as safetensors or ONNX; or, if you know what it does, list it in allowed_globals';

/** Everything that speaks against loading a pickle: what it does, and that it cannot be followed to its end. */
export function pickleProblems(
  walk: PickleWalk,
  { allowedGlobals, persistentIds }: PickleLimits,
  place: string,
): CheckProblem[] {
  const allowed = new Set(allowedGlobals);
  const globals = [...walk.globals].filter(([key]) => !allowed.has(key));
  return [
    ...globals.map(([key, offset]) =>
      fault(place, `names the global ${quoted(key)} at byte ${offset}, which is not allowed`, ALLOW),
    ),
    ...walk.oddities.map((deed) =>
      fault(place, `the pickle ${deed}`, 'save the model as safetensors or ONNX'),
    ),
    ...(walk.persistentIds > 0 && !persistentIds
      ? [
          fault(
            place,
            'the pickle leaves it to its reader what some of its values are (persistent ids)',
            'save the model as safetensors or ONNX',
          ),
        ]
      : []),
    ...(walk.broken === null ? [] : [fault(place, `the pickle ${walk.broken}`, 'make the file anew')]),
  ];
}

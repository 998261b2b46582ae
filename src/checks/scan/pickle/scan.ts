import type { CheckProblem } from '../../../domain/index.ts';
import { counted } from '../../report.ts';
import { type Findings, fault } from '../finding.ts';
import type { ByteSource } from '../source.ts';
import { pickleProblems } from './judge.ts';
import { type PickleWalk, walkPickle } from './walk.ts';

const IDENTIFIER = /^[A-Za-z_][\w.]{0,200} [A-Za-z_][\w.]{0,200}$/;
/** What torch.save wrote first before it wrote zip archives: LONG1 of 10 bytes, a magic number. */
const TORCH_MAGIC = Buffer.from('8a0a6cfc9c46f9206aa85019', 'hex');
const LEGACY_TORCH_PICKLES = 5;

/** Whether bytes are a pickle, or would do something when they are read as one. */
export function actsAsPickle(source: ByteSource): boolean {
  const walk = walkPickle(source);
  if (walk.broken === null && source.size > 1) return true;
  return [...walk.globals.keys()].some((key) => IDENTIFIER.test(key));
}

/** Whether a head is that of a pickle of protocol 2 or later. */
export function beginsAsPickle(head: Buffer): boolean {
  return head.length >= 2 && head[0] === 0x80 && (head[1] as number) <= 5;
}

/** Whether it is what torch.save wrote before PyTorch 1.6: five pickles, then the tensors' bytes. */
export function isLegacyTorch(head: Buffer): boolean {
  return beginsAsPickle(head) && head.subarray(2, 2 + TORCH_MAGIC.length).equals(TORCH_MAGIC);
}

/** Scans a file that is one pickle and nothing else. */
export function scanPickle(
  source: ByteSource,
  allowedGlobals: readonly string[],
  place = 'pickle',
): Findings {
  const walks = walksOf(source, 1);
  const first = walks[0] as PickleWalk;
  const rest = first.broken === null ? source.size - first.end : 0;
  const trailing =
    rest > 0
      ? [
          fault(
            'pickle',
            `${counted(rest, 'byte')} follow its end, and could be read as a pickle of their own`,
          ),
        ]
      : [];
  return findings(walks, { allowedGlobals, persistentIds: false }, trailing, place);
}

/** Scans a PyTorch checkpoint of the kind before zip archives. */
export function scanLegacyTorch(source: ByteSource, allowedGlobals: readonly string[]): Findings {
  const walks = walksOf(source, LEGACY_TORCH_PICKLES);
  const short =
    walks.length < LEGACY_TORCH_PICKLES && walks.at(-1)?.broken === null
      ? [fault('pickle', `holds ${walks.length} pickles, where PyTorch writes ${LEGACY_TORCH_PICKLES}`)]
      : [];
  return findings(walks, { allowedGlobals, persistentIds: true }, short);
}

function walksOf(source: ByteSource, most: number): PickleWalk[] {
  const walks: PickleWalk[] = [];
  let at = 0;
  do {
    const walk = walkPickle(source, at);
    walks.push(walk);
    if (walk.broken !== null) break;
    at = walk.end;
  } while (walks.length < most && at < source.size);
  return walks;
}

function findings(
  walks: readonly PickleWalk[],
  limits: Parameters<typeof pickleProblems>[1],
  more: readonly CheckProblem[],
  place = 'pickle',
): Findings {
  const problems = walks.flatMap((walk, index) =>
    pickleProblems(walk, limits, walks.length === 1 ? place : `${place} ${index + 1}`),
  );
  return {
    problems: [...problems, ...more],
    globals: [...new Set(walks.flatMap((walk) => [...walk.globals.keys()]))],
    details: { calls: walks.reduce((sum, { calls }) => sum + calls, 0) },
  };
}

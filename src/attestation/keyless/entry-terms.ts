import { z } from 'zod';
import { SignatureError } from '../artifact-signature/result.ts';

/** What a bundle says beside what the library verifies. */
const Bundle = z.object({
  verificationMaterial: z.object({
    tlogEntries: z.array(
      z.object({
        logIndex: z.string(),
        inclusionPromise: z.unknown().optional(),
        inclusionProof: z.object({
          logIndex: z.string(),
          rootHash: z.string(),
          treeSize: z.string(),
          checkpoint: z.object({ envelope: z.string() }),
        }),
      }),
    ),
  }),
  dsseEnvelope: z.object({ signatures: z.array(z.object({ keyid: z.literal('').optional() })) }).optional(),
});

/**
 * Demands that nothing in a bundle is without meaning: the proof speaks of the tree of its checkpoint, an entry has the
 * place that is proved, or the log promised, and a certificate has no key id beside it. So no part of it can be another
 * unnoticed.
 *
 * @throws SignatureError `malformed`
 */
export function demandNothingLoose(json: unknown): void {
  const bundle = Bundle.safeParse(json);
  const isTight = bundle.success && bundle.data.verificationMaterial.tlogEntries.every(isOfOneTree);
  if (!isTight) throw new SignatureError('malformed', 'the bundle contradicts itself about its log entry');
}

type Entry = z.infer<typeof Bundle>['verificationMaterial']['tlogEntries'][number];

function isOfOneTree({ logIndex, inclusionPromise, inclusionProof: proof }: Entry): boolean {
  const [, treeSize, root] = proof.checkpoint.envelope.split('\n');
  const isPlaced = inclusionPromise !== undefined || logIndex === proof.logIndex;
  return isPlaced && treeSize === proof.treeSize && root === proof.rootHash;
}

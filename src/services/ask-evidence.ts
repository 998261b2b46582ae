import { z } from 'zod';
import { CountersignError, digestOf } from '../domain/index.ts';
import type { EvidenceFile } from '../evidence/index.ts';
import { MINUTE } from '../lib/index.ts';
import { evidenceToMake, insertEvidenceRequest } from '../storage/index.ts';
import type { BaseContext, EvidenceContext, EvidenceWish } from './context.ts';
import { makeEvidence } from './evidence-files.ts';
import { answerOnce, awaitAnswer } from './request-answer.ts';

/** For how long the publisher waits: the view is witnessed meanwhile. */
const PATIENCE = MINUTE;

const SILENCE =
  'the api does not answer: it must sign what is published; is the surface api running? It is tried again';

/** A file as it is handed from process to process: all that is published is text. */
const HandedFile = z.strictObject({
  name: z.string(),
  mediaType: z.string(),
  createdAt: z.iso.datetime(),
  predicateType: z.string().nullable(),
  text: z.string(),
});

/**
 * Has the process that holds the ledger's key make evidence, and waits for it: this process reads what strangers serve, may
 * have been broken into, and must not be able to sign for the ledger.
 *
 * @throws CountersignError `unavailable` when it does not answer in time, or not now; `integrity` when it refuses
 */
export async function askEvidence(
  ctx: BaseContext,
  wish: EvidenceWish,
  patience: number = PATIENCE,
): Promise<EvidenceFile[]> {
  const id = ctx.newId();
  const asked = { ...wish, id, askedAt: ctx.clock.now() };
  await ctx.db.transaction().execute((tx) => insertEvidenceRequest(tx, asked));
  const answer = await awaitAnswer(ctx.db, { table: 'evidence_requests', id, patience, silence: SILENCE });
  return filesIn(answer);
}

/** Makes the evidence that a request asks for; once. */
export async function answerEvidence(ctx: EvidenceContext, requestId: string): Promise<void> {
  const asked = await evidenceToMake(ctx.db, requestId);
  const request = { table: 'evidence_requests', id: requestId, asked } as const;
  await answerOnce(ctx, request, async (wish) => {
    const files = (await makeEvidence(ctx, wish)).map(({ content, digest: _, bytes: __, ...file }) => ({
      ...file,
      text: Buffer.from(content).toString(),
    }));
    return { outcome: 'made', word: JSON.stringify(files) };
  });
}

function filesIn(answer: string): EvidenceFile[] {
  return handed(answer).map(({ text, ...file }) => {
    const content = Buffer.from(text);
    return { ...file, digest: digestOf(content), bytes: content.byteLength, content };
  });
}

function handed(answer: string): readonly z.infer<typeof HandedFile>[] {
  try {
    return HandedFile.array().parse(JSON.parse(answer));
  } catch {
    throw new CountersignError('integrity', 'what the api answers is no evidence: look at evidence_requests');
  }
}

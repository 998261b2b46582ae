import { RecordPackage } from '../attestation/index.ts';
import {
  CountersignError,
  type Digest,
  digestOf,
  ofKind,
  problemWithView,
  type Verdict,
} from '../domain/index.ts';
import type { EvidenceFile } from '../evidence/index.ts';
import { canonicalJson, later, MINUTE } from '../lib/index.ts';
import type { PublishingContext } from './context.ts';
import {
  type EvidenceGround,
  RECORD,
  SIGNED_BY,
  signatureFile,
  statementFiles,
  summaryFile,
  summaryName,
} from './evidence-files.ts';
import { recordOf } from './export-record.ts';
import { unlikeLedger } from './unlike-ledger.ts';

/** For how long what was made may have taken to come, and by how much clocks may differ. */
const TOLERANCE = 5 * MINUTE;

/**
 * Signs as the monitor what whoever holds the ledger's key made of a model version: only what the monitor makes of it too,
 * byte for byte, by what it reads and judges itself.
 *
 * @throws CountersignError where it makes another thing of it, be it that the ledger or the rules have changed meanwhile:
 *   `unavailable` where it allows all the same, so that what was published may stand; otherwise `integrity`
 */
export async function countersign(
  ctx: PublishingContext,
  ground: EvidenceGround,
  made: readonly EvidenceFile[],
): Promise<EvidenceFile[]> {
  try {
    return await signSame(ctx, ground, made);
  } catch (error) {
    if (!(error instanceof Different)) throw error;
    const allows = ground.verdicts.every(({ allowed }) => allowed);
    throw new CountersignError(allows ? 'unavailable' : 'integrity', error.message);
  }
}

/** That something is not what the monitor makes of it. */
class Different extends Error {
  constructor(name: string) {
    super(
      `the monitor does not sign what the api made: ${name} is not what the ledger and the trust policy give here. It is tried again; where it stays so, look whether both surfaces have the same configuration, and who could get into the api`,
    );
  }
}

async function signSame(
  ctx: PublishingContext,
  ground: EvidenceGround,
  made: readonly EvidenceFile[],
): Promise<EvidenceFile[]> {
  const byName = new Map(made.map((file) => [file.name, file]));
  const record = fileIn(byName, RECORD);
  await demandRecord(ctx, ground, record);
  const statements = statementFiles(ground.dossier);
  const summing = { signer: ctx.monitorSigner, by: 'monitor' } as const;
  const summed = { verifier: ctx.publishing.verifier, policy: ctx.policyInForce(), inputs: statements };
  const summaries = ground.verdicts.map(async (verdict) => {
    const theirs = fileIn(byName, summaryName('ledger', verdict));
    return [theirs, await summaryFile(summing, ground, asOf(ctx, verdict, theirs), summed)];
  });
  const signature = byName.get(SIGNED_BY.ledger.record) ?? fileIn(byName, SIGNED_BY.ledger.bundle);
  const files = [
    ...statements,
    ...(await Promise.all(summaries)).flat(),
    ...[signature, await signatureFile(summing, record), record],
  ];
  const read = new Map(files.map(({ name, content }) => [name, Buffer.from(content)]));
  const [fault] = await unlikeLedger(ctx, ground, read);
  if (fault !== undefined) throw new Different(fault.name);
  return files;
}

function fileIn(files: ReadonlyMap<string, EvidenceFile>, name: string): EvidenceFile {
  const file = files.get(name);
  if (file === undefined) throw new Different(name);
  return file;
}

/** Whoever summed it up may have judged a little earlier or later. */
function asOf({ clock }: PublishingContext, verdict: Verdict, { name, createdAt }: EvidenceFile): Verdict {
  const now = clock.now();
  if (createdAt < later(now, -TOLERANCE) || createdAt > later(now, TOLERANCE)) throw new Different(name);
  return { ...verdict, judgedAt: createdAt };
}

/** A package that holds what we would pack, with a view that the monitor witnessed. */
async function demandRecord(
  ctx: PublishingContext,
  ground: EvidenceGround,
  { content }: EvidenceFile,
): Promise<void> {
  const pack = RecordPackage.safeParse(parsed(content));
  if (!pack.success) throw new Different(RECORD);
  const { view, witness, checkpoint } = pack.data;
  const seen = viewIn(ctx, pack.data, ground.artifact.digest);
  const ours = await recordOf(ctx, ground, ground.dossier, { view, witness, checkpoint, seen });
  if (digestOf(Buffer.from(canonicalJson(ours))) !== digestOf(content)) throw new Different(RECORD);
}

function viewIn(ctx: PublishingContext, { view: bundle, witness }: RecordPackage, artifact: Digest) {
  const [view = null] = ofKind(verified(ctx, bundle), 'ledger-view/v1');
  const [said = null] = ofKind(verified(ctx, witness), 'view-witness/v1');
  const { trust, clock } = ctx;
  const problem = view && problemWithView({ artifact, view, witness: said, trust, now: clock.now() });
  if (view === null || problem !== null) throw new Different(RECORD);
  return view.body;
}

function verified({ verifier }: PublishingContext, bundle: string) {
  const result = verifier.verify(bundle);
  return result.ok ? [result.statement] : [];
}

function parsed(content: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(content).toString());
  } catch {
    return null;
  }
}

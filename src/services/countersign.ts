import { RecordPackage } from '../attestation/index.ts';
import {
  CountersignError,
  type Digest,
  digestOf,
  digestOfJson,
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
 * @throws CountersignError `integrity` where it makes another thing of it; `unavailable` where the ledger was extended meanwhile
 */
export async function countersign(
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
  if (fault !== undefined) throw other(fault.name);
  return files;
}

function fileIn(files: ReadonlyMap<string, EvidenceFile>, name: string): EvidenceFile {
  const file = files.get(name);
  if (file === undefined) throw other(name);
  return file;
}

/** Whoever summed it up may have judged a little earlier or later. */
function asOf({ clock }: PublishingContext, verdict: Verdict, { name, createdAt }: EvidenceFile): Verdict {
  const now = clock.now();
  if (createdAt < later(now, -TOLERANCE) || createdAt > later(now, TOLERANCE)) throw other(name);
  return { ...verdict, judgedAt: createdAt };
}

/** A package that holds what we would pack, with a view that the monitor witnessed. */
async function demandRecord(
  ctx: PublishingContext,
  ground: EvidenceGround,
  { content }: EvidenceFile,
): Promise<void> {
  const pack = RecordPackage.safeParse(parsed(content));
  if (!pack.success) throw other(RECORD);
  const { view, witness, checkpoint } = pack.data;
  const seen = viewIn(ctx, pack.data, ground.artifact.digest);
  if (digestOfJson(seen.statements) !== digestOfJson(ground.dossier.view.body.statements))
    throw new CountersignError(
      'unavailable',
      'the ledger has taken in something about the artifact while its evidence was made: it is tried again',
    );
  const ours = await recordOf(ctx, ground, ground.dossier, { view, witness, checkpoint, seen });
  if (digestOf(Buffer.from(canonicalJson(ours))) !== digestOf(content)) throw other(RECORD);
}

function viewIn(ctx: PublishingContext, { view: bundle, witness }: RecordPackage, artifact: Digest) {
  const [view = null] = ofKind(verified(ctx, bundle), 'ledger-view/v1');
  const [said = null] = ofKind(verified(ctx, witness), 'view-witness/v1');
  const { trust, clock } = ctx;
  const problem = view && problemWithView({ artifact, view, witness: said, trust, now: clock.now() });
  if (view === null || problem !== null) throw other(RECORD);
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

function other(name: string): CountersignError {
  return new CountersignError(
    'integrity',
    `the monitor does not sign the evidence that the api made: ${name} is not what the ledger and the trust policy give here; look whether both surfaces have the same configuration, and who could get into the api`,
  );
}

import { createVerifier } from '../../src/attestation/index.ts';
import {
  digestOf,
  type JudgeInput,
  judge,
  ofKind,
  parsePipeline,
  peopleOf,
  type VerifiedStatement,
} from '../../src/domain/index.ts';
import { later, sha256Hex } from '../../src/lib/index.ts';
import type { BenchOptions, Reading } from '../bench.ts';
import { inTurns } from '../pairs.ts';
import { cpuSecondsOf } from './cpu-seconds.ts';
import { policy, record } from './record.ts';

const FULL = 10_000;

/** Verdicts of many artifacts, each with statements of its own, against those of a tenth of them. */
export async function ofJudging({ scale, repetitions, say }: BenchOptions): Promise<Reading[]> {
  const count = Math.max(100, Math.round(FULL * scale));
  const many = Array.from({ length: count }, (_, at) => worldOf(at));
  const few = many.slice(0, count / 10);
  say(`judging ${count} artifacts with ${many[0]?.statements.length} statements each`);
  const allowed = (worlds: readonly JudgeInput[]) => {
    if (!worlds.every((world) => judge(world).allowed)) throw new Error('the example is not allowed');
  };
  const { ours, slowdown } = await inTurns(
    repetitions,
    async () =>
      cpuSecondsOf(() => {
        for (let round = 0; round < 10; round += 1) allowed(few);
      }),
    async () => cpuSecondsOf(() => allowed(many)),
  );
  return [
    {
      name: `judging: ${count} artifacts over ten times ${count / 10}`,
      value: slowdown,
      unit: 'ratio',
      atMost: 1.2,
    },
    { name: 'judging: artifacts by one processor', value: count / ours, unit: '/s' },
  ];
}

const verifier = createVerifier(policy);
const [signedView, ...verified] = [record.view, ...record.statements].map((bundle) => {
  const result = verifier.verify(bundle);
  if (!result.ok) throw new Error(result.failure.message);
  return result.statement;
});
const text = JSON.stringify(withSecondThoughts());

/** The example's ten statements and two more: the last to approve took it back, and approved again. */
function withSecondThoughts(): readonly unknown[] {
  const [view] = ofKind(signedView === undefined ? [] : [signedView], 'ledger-view/v1');
  const decision = ofKind(verified, 'approval-decision/v1').at(-1);
  const entry = view?.body.statements.at(-1);
  if (view === undefined || decision === undefined || entry === undefined)
    throw new Error('the example holds no decision');
  const { artifact, target, person, decidedAt } = decision.body;
  const taken = {
    artifact,
    request: target.id,
    decision: decision.id,
    person,
    withdrawnAt: later(decidedAt, 1),
  };
  const more = [
    { ...decision, kind: 'approval-withdrawal/v1', id: sha256Hex('withdrawal'), body: taken },
    { ...decision, id: sha256Hex('again'), body: { ...decision.body, decidedAt: later(decidedAt, 2) } },
  ];
  const entries = more.map(({ id }, at) => ({
    ...entry,
    id,
    index: entry.index + 1 + at,
    recordedAt: later(decidedAt, 1 + at),
  }));
  const statements = [...view.body.statements, ...entries];
  const treeSize = view.body.treeSize + entries.length;
  return [{ ...view, body: { ...view.body, statements, treeSize } }, ...verified, ...more];
}
const pipelines = new Map(
  record.pipelines.flatMap((source) => {
    const parsed = parsePipeline(source, 'pipeline');
    return parsed.ok ? [[parsed.value.digest, parsed.value] as const] : [];
  }),
);

/** Those statements, said of another artifact. */
function worldOf(at: number): JudgeInput {
  const artifact = digestOf(`artifact ${at}`);
  const [view, ...statements] = JSON.parse(text.replaceAll(record.artifact, artifact)) as VerifiedStatement[];
  const views = view === undefined ? [] : ofKind([view], 'ledger-view/v1');
  return {
    artifact,
    environment: 'production',
    name: { modelId: record.modelId, modelVersion: record.modelVersion },
    now: views[0]?.body.issuedAt ?? '',
    statements,
    failures: [],
    view: views[0] ?? null,
    witness: 'made_here',
    trust: { policy, pipelines },
    people: peopleOf(policy.people),
  };
}

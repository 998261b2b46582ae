import { describe, expect, it } from 'vitest';
import { type Artifact, digestOf } from '../../../src/domain/index.ts';
import { expectVerdict } from './expect-verdict.ts';
import { governanceRecord, sayGoverned, stageResult } from './story.ts';
import { ARTIFACT, at, createWorld, POLICY, type World } from './world.ts';

const MANIFEST = digestOf('its manifest');
const OTHER = digestOf('another manifest');
const IN_REGISTRY: Artifact = {
  ...ARTIFACT,
  kind: 'oci',
  equivalents: [...ARTIFACT.equivalents, { scheme: 'oci_manifest', digest: MANIFEST }],
};

/** A governed artifact, of which the record of another run says this, or no more than a result. */
function world(
  by: 'worker' | 'approvals' | 'stranger',
  policy = POLICY,
  word: 'record' | 'result' = 'record',
): World {
  const created = createWorld(ARTIFACT, policy);
  sayGoverned(created);
  const said = { runId: 'run-0', artifact: IN_REGISTRY };
  if (word === 'result')
    created.say({ kind: 'stage-result/v1', body: stageResult('extra', said) }, { by, minute: 1 });
  else
    created.say(
      { kind: 'governance-record/v1', body: governanceRecord({}, { ...said, issuedAt: at(0) }) },
      { by, minute: 1 },
    );
  return created;
}

describe('an artifact asked about by its OCI manifest', () => {
  it('is judged as its bytes are, where the worker found them under it', () => {
    const { verdict } = world('worker');
    const byManifest = verdict({ artifact: MANIFEST });
    expectVerdict(byManifest, 'governed');
    expect(byManifest).toEqual({ ...verdict(), manifest: MANIFEST });
    expect(byManifest.artifact).toBe(ARTIFACT.digest);
  });

  it('is unknown by one that was not recorded, by another digest of its bytes, or on the word of others', () => {
    const [root] = ARTIFACT.equivalents;
    expectVerdict(world('worker').verdict({ artifact: OTHER }), 'ungoverned', 'view_missing');
    expectVerdict(world('worker').verdict({ artifact: root?.digest ?? OTHER }), 'ungoverned', 'view_missing');
    for (const by of ['approvals', 'stranger'] as const)
      expect(world(by).verdict({ artifact: MANIFEST })).toMatchObject({
        status: 'ungoverned',
        manifest: null,
      });
  });

  it('may not serve by what a run that made no record says of it', () => {
    expectVerdict(world('worker', POLICY, 'result').verdict(), 'governed');
    expectVerdict(
      world('worker', POLICY, 'result').verdict({ artifact: MANIFEST }),
      'ungoverned',
      'view_missing',
    );
  });

  it('is not allowed without a view that counts, nor once a statement is left out', () => {
    const created = world('worker');
    expect(created.verdict({ artifact: MANIFEST, view: null }).allowed).toBe(false);
    expect(created.verdict({ artifact: MANIFEST, view: created.view({}, 'worker') }).allowed).toBe(false);
    for (const left of created.said) {
      const statements = created.said.filter((statement) => statement !== left);
      expect(created.verdict({ artifact: MANIFEST, statements }).allowed, left.kind).toBe(false);
    }
  });

  it('is revoked by either digest', () => {
    const revoking = (digest: typeof MANIFEST) => ({
      ...POLICY,
      revoked: { statements: [], artifacts: [digest] },
    });
    for (const digest of [MANIFEST, ARTIFACT.digest])
      for (const artifact of [MANIFEST, ARTIFACT.digest])
        expectVerdict(world('worker', revoking(digest)).verdict({ artifact }), 'revoked', 'artifact_revoked');
  });

  it('is not known by a record that was revoked', () => {
    const created = createWorld();
    sayGoverned(created);
    const body = governanceRecord({}, { runId: 'run-0', artifact: IN_REGISTRY, issuedAt: at(0) });
    const id = created.say({ kind: 'governance-record/v1', body });
    const policy = { ...POLICY, revoked: { statements: [id], artifacts: [] } };
    const trust = { ...created.input().trust, policy };
    expect(created.verdict({ artifact: MANIFEST }).manifest).toBe(MANIFEST);
    expect(created.verdict({ artifact: MANIFEST, trust })).toMatchObject({ allowed: false, manifest: null });
  });
});

import { z } from 'zod';
import { Digest, ModelId, ModelVersion, TrustPolicy } from '../../domain/index.ts';
import {
  type Parsed,
  type Problem,
  parsed,
  parseStrictJson,
  parseYaml,
  sha256Hex,
  unparsed,
} from '../../lib/index.ts';
import { RecordPackage } from '../record-package.ts';
import type { PackageContents, PackedPolicy } from './contents.ts';
import { nameStatements } from './named-statement.ts';
import {
  EVIDENCE_MODES,
  EvidenceManifest,
  evidenceProblems,
  type PackedEvidence,
} from './packed-evidence.ts';
import { type PackedFile, readTar } from './tar.ts';
import { filesOf, MANIFEST, PACKAGE_FORMAT } from './write-package.ts';

const Manifest = z.strictObject({
  format: z.literal(PACKAGE_FORMAT, {
    error: `expected "${PACKAGE_FORMAT}": a package of another release is made of other files, export it again`,
  }),
  modelId: ModelId,
  modelVersion: ModelVersion,
  artifact: Digest,
  evidence: z.enum(EVIDENCE_MODES),
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string(), bytes: z.int().min(0) })),
});
type Manifest = z.infer<typeof Manifest>;

/**
 * Takes a package apart. Whatever is not as it was written is named by its file: a file whose digest is another than the
 * manifest's, and a file that says something else than the statements from which it was made. It verifies no signature
 * and believes nothing.
 */
export function readPackage(bytes: Buffer): Parsed<PackageContents> {
  const tar = readTar(bytes);
  if (!tar.ok) return unparsed([{ where: 'the archive', message: tar.message }]);
  const manifest = manifestIn(tar.files);
  if (!manifest.ok) return manifest;
  const altered = alteredFiles(tar.files, manifest.value);
  if (altered.length > 0) return unparsed(altered);
  const opened = openFiles(tar.files, manifest.value);
  if (!opened.ok) return opened;
  const { record, policy, evidence } = opened.value;
  const unfit = evidenceProblems(evidence, nameStatements(record, policy.policy));
  if (unfit.length > 0) return unparsed(unfit);
  const strayed = strayedFile(tar.files, filesOf(opened.value));
  return strayed === null ? opened : unparsed([strayed]);
}

function manifestIn([first]: readonly PackedFile[]): Parsed<Manifest> {
  if (first?.path !== MANIFEST)
    return unparsed([{ where: MANIFEST, message: 'it is not the first file of the package' }]);
  return parseJson(first, Manifest);
}

function alteredFiles([, ...files]: readonly PackedFile[], manifest: Manifest): Problem[] {
  const said = new Map(manifest.files.map((entry) => [entry.path, entry.sha256]));
  const there = new Set(files.map(({ path }) => path));
  const missing = manifest.files.filter(({ path }) => !there.has(path));
  return [
    ...files.flatMap(({ path, bytes }) => {
      const [expected, got] = [said.get(path), sha256Hex(bytes)];
      if (expected === got) return [];
      const message =
        expected === undefined
          ? `${MANIFEST} does not list it`
          : `its SHA-256 is ${got}, and ${MANIFEST} says ${expected}`;
      return [{ where: path, message }];
    }),
    ...missing.map(({ path }) => ({ where: path, message: 'it is missing' })),
  ];
}

function openFiles(files: readonly PackedFile[], manifest: Manifest): Parsed<PackageContents> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const text = (path: string) => byPath.get(path)?.bytes.toString() ?? '';
  const inclusion = parseJson(byPath.get('inclusion.json'), RecordPackage.shape.inclusion);
  if (!inclusion.ok) return inclusion;
  const policy = policyIn(byPath);
  if (!policy.ok) return policy;
  const evidence = evidenceIn(files, manifest);
  if (!evidence.ok) return evidence;
  const { modelId, modelVersion, artifact } = manifest;
  const record: RecordPackage = {
    format: 'countersign-record/v3',
    ...{ modelId, modelVersion, artifact },
    view: text('view.sigstore.json'),
    witness: text('witness.sigstore.json'),
    statements: within(files, 'statements').map(({ bytes }) => bytes.toString()),
    checkpoint: text('checkpoint.txt'),
    inclusion: inclusion.value,
    pipelines: within(files, 'pipelines').map(({ bytes }) => bytes.toString()),
  };
  return parsed({ record, policy: policy.value, evidence: evidence.value });
}

function within(files: readonly PackedFile[], folder: string): PackedFile[] {
  return files.filter(({ path }) => path.startsWith(`${folder}/`));
}

function evidenceIn(files: readonly PackedFile[], { evidence: mode }: Manifest): Parsed<PackedEvidence> {
  const manifests = within(files, 'evidence/manifests').map((file) => parseJson(file, EvidenceManifest));
  const problems = manifests.flatMap((manifest) => (manifest.ok ? [] : manifest.problems));
  if (problems.length > 0) return unparsed(problems);
  return parsed({
    mode,
    manifests: manifests.flatMap((manifest) => (manifest.ok ? [manifest.value] : [])),
    documents: within(files, 'evidence/documents').map(({ bytes }) => bytes),
  });
}

function policyIn(files: ReadonlyMap<string, PackedFile>): Parsed<PackedPolicy> {
  const signed = files.get('trust/policy.yaml');
  if (signed === undefined) {
    const policy = parseJson(files.get('trust/policy.json'), TrustPolicy);
    return policy.ok ? parsed({ policy: policy.value, signed: null }) : policy;
  }
  const text = signed.bytes.toString();
  const policy = parseYaml({ file: signed.path, text }, TrustPolicy);
  if (!policy.ok) return policy;
  const bundle = files.get('trust/policy.yaml.sigstore.json')?.bytes.toString() ?? '';
  return parsed({ policy: policy.value, signed: { text, bundle } });
}

/** The first file that is not what would have been written. */
function strayedFile(files: readonly PackedFile[], expected: readonly PackedFile[]): Problem | null {
  for (let at = 0; at < Math.max(files.length, expected.length); at++) {
    const [found, made] = [files[at], expected[at]];
    if (
      found !== undefined &&
      made !== undefined &&
      found.path === made.path &&
      found.bytes.equals(made.bytes)
    )
      continue;
    const where = found?.path ?? made?.path ?? MANIFEST;
    return { where, message: 'it is not what the rest of the package makes it' };
  }
  return null;
}

function parseJson<T>(file: PackedFile | undefined, schema: z.ZodType<T>): Parsed<T> {
  const where = file?.path ?? 'the package';
  const json = parseStrictJson(where, file?.bytes.toString() ?? '');
  if (!json.ok) return json;
  const result = schema.safeParse(json.value);
  if (result.success) return parsed(result.data);
  const issues = result.error.issues.slice(0, 5);
  return unparsed(issues.map(({ path, message }) => ({ where, message: `${path.join('.')}: ${message}` })));
}

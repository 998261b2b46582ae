import { Digest } from '../../domain/index.ts';
import type { Problem } from '../../lib/index.ts';
import { artifactProblem, emptyProblem } from './file-problem.ts';

/** The artifact that is to be submitted: what lies here, or what the server is to fetch. */
export type WishedArtifact =
  | { readonly path: string }
  | { readonly uri: string; readonly digest: Digest | null };

type Report = (where: string, message: string, fix?: string) => void;

/** Reads `--artifact`, or `--uri` and `--digest`. */
export function readArtifact(
  { artifact, uri, digest: text }: { artifact?: string; uri?: string; digest?: string },
  report: Report,
): WishedArtifact {
  if (uri === undefined) {
    if (artifact === undefined)
      report(
        '--artifact',
        'it is missing',
        '--artifact model.onnx, or --uri for what the server is to fetch',
      );
    if (text !== undefined)
      report('--digest', 'it belongs to --uri', 'leave it out: what lies here is hashed here');
    return { path: artifact ?? '' };
  }
  if (artifact !== undefined) report('--uri', 'the artifact is given by --artifact too', 'keep one of them');
  if (!/^(https?|s3|oci|file):\/\//.test(uri))
    report('--uri', 'expected https://…, s3://…, oci://… or file://…');
  else if (carriesSecret(uri))
    // Said before anything prints or sends it: what CI logs, everybody reads.
    report('--uri', 'it holds a user or password', 'give the source its credentials in fetch.sources');
  const digest = text === undefined ? null : Digest.safeParse(text);
  if (digest?.success === false) report('--digest', digest.error.issues[0]?.message ?? 'expected a digest');
  return { uri, digest: digest?.data ?? null };
}

/** Whether something stands before the host that is nobody else's business. */
function carriesSecret(uri: string): boolean {
  return /^[a-z0-9]+:\/\/[^/?#]*@/.test(uri);
}

/** What stands in the way of reading the artifact that lies here. */
export async function artifactProblems(path: string | undefined): Promise<(Problem | null)[]> {
  return path === undefined
    ? []
    : [await artifactProblem('--artifact', path), await emptyProblem('--artifact', path)];
}

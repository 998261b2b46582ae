import type { Command } from 'commander';
import { openVerifier } from '../../attestation/index.ts';
import { invalidInput, modelName } from '../../domain/index.ts';
import type { Problem } from '../../lib/index.ts';
import { newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import { parseTime } from '../duration.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';
import { demandListed } from '../verify/demand-listed.ts';
import { judgeOffline, type OfflineVerdict } from '../verify/judge-offline.ts';
import { readInputs, type VerifyFiles } from '../verify/read-inputs.ts';
import { showOfflineVerdict } from '../verify/show-offline-verdict.ts';

interface Options {
  readonly artifact?: string;
  readonly trust?: string;
  readonly trustKey?: string;
  readonly policyVersion?: string;
  readonly environment: string;
  readonly asOf?: string;
  readonly json?: true;
}

/** `countersign verify`. */
export function verifyCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'verify',
    summary: 'judge an artifact offline: no server, no database',
    description:
      'Judges an artifact on an exported record: hashes the artifact, verifies every signature with the keys of your trust policy, and asks the same judge that the server asks. The verdict knows nothing later than the ledger view in the record.',
    examples: [
      'verify record.tar --artifact model.onnx --trust trust-policy.json',
      'verify record.tar --artifact model.onnx --trust-key policy.pub.pem',
      'verify record.tar --artifact sha256:9c56… --trust trust-policy.json',
      'verify record.tar --artifact model.onnx --trust trust-policy.json --as-of 2026-11-23T12:00:00Z --json',
    ],
    statuses: { 0: 'allowed', 1: 'not allowed', 2: 'error, so not allowed either' },
  })
    .argument('<record>', 'the package, from countersign export; or a record as JSON')
    .option(
      '--artifact <file>',
      'what is to be judged: a file, a directory, or sha256:… of bytes or of an OCI manifest',
    )
    .option(
      '--trust <file>',
      'the trust policy, from countersign trust-policy; never from the record’s sender',
    )
    .option(
      '--trust-key <file>',
      'public key that signed the trust policy: the one given with --trust, else the one in the package',
    )
    .option(
      '--policy-version <least>',
      'the least version that the policy signed by --trust-key must have: the newest that you have seen',
    )
    .option('--environment <name>', 'where the artifact is to serve', 'production')
    .option('--as-of <time>', 'judge as if it were then, RFC 3339 (default: now)');
  return runs<Options>(withJson(command), cli, async (options, [record = '']) => {
    const { files, now } = questionOf(options, record, cli.now());
    const inputs = await readInputs(files);
    const verifier = await openVerifier(inputs.policy);
    demandListed(inputs.record, verifier);
    const result = judgeOffline(inputs, { environment: options.environment, now }, verifier);
    if (options.json) cli.terminal.out(toJsonText(jsonOf(result, inputs.record)).trimEnd());
    else
      showOfflineVerdict(cli.terminal, result, {
        about: modelName(inputs.record),
        file: files.artifact,
        isThen: options.asOf !== undefined,
      });
    return result.allowed ? EXIT.ok : EXIT.refused;
  });
}

/** @throws CountersignError `invalid_input` with every problem */
function questionOf(
  { artifact, trust, trustKey, policyVersion, asOf }: Options,
  record: string,
  current: string,
): { files: VerifyFiles; now: string } {
  const problems: Problem[] = [];
  const demand = (flag: string, value: string | undefined, fix: string): string => {
    if (value === undefined) problems.push({ where: flag, message: 'it is missing', fix });
    return value ?? '';
  };
  const files = {
    record,
    artifact: demand('--artifact', artifact, 'name the file that is to be judged'),
    trust:
      trust === undefined && trustKey !== undefined
        ? null
        : demand('--trust', trust, 'name the trust policy; countersign trust-policy exports it'),
    trustKey: trustKey ?? null,
    leastVersion: Number(policyVersion ?? 1),
  };
  problems.push(...versionProblems(policyVersion, trustKey));
  const now = asOf === undefined ? current : parseTime(asOf);
  if (now === null)
    problems.push({
      where: '--as-of',
      message: `${JSON.stringify(asOf)} is no time`,
      fix: 'write it as in 2026-11-23T12:00:00Z',
    });
  if (problems.length > 0) throw invalidInput('the command', problems);
  return { files, now: now ?? current };
}

function versionProblems(version: string | undefined, key: string | undefined): Problem[] {
  if (version === undefined) return [];
  const where = '--policy-version';
  if (!/^[1-9]\d{0,14}$/.test(version))
    return [{ where, message: `${JSON.stringify(version)} is no version`, fix: 'write it as in 12' }];
  const message = 'only a signed policy has a version that can be believed';
  return key === undefined ? [{ where, message, fix: 'give --trust-key' }] : [];
}

function jsonOf(
  { allowed, matches, expected, got, verdict }: OfflineVerdict,
  { modelId, modelVersion }: { modelId: string; modelVersion: string },
) {
  return { allowed, modelId, modelVersion, artifact: { matches, expected, got }, verdict };
}

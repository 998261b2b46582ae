import type { Command } from 'commander';
import { type HashedDirectory, hashArtifact } from '../../artifact/index.ts';
import { newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';
import { bytesText } from '../submit/bytes.ts';
import { openProgress } from '../submit/open-progress.ts';

interface Options {
  readonly signature: string;
  readonly json?: true;
}

/** `countersign hash`. */
export function hashCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'hash',
    summary: 'print the digests of a file or a directory: no server',
    description:
      'Prints the digest by which Countersign knows an artifact, and by which others do: the root of its OpenSSF model signature. That of a directory is the SHA-256 of what sha256sum prints for all its files in the byte order of their names.',
    examples: ['hash model.onnx', 'hash model-folder --json'],
  })
    .argument('<path>', 'the file or directory')
    .option(
      '--signature <name>',
      'an OpenSSF model signature within the directory, which its own root leaves out',
      'model.sig',
    );
  return runs<Options>(withJson(command), cli, async (options, [path = '']) => {
    const { artifact, bytes, files } = await hashWatched(cli, path, options);
    if (options.json) cli.terminal.out(toJsonText({ ...artifact, bytes, files }).trimEnd());
    else {
      cli.terminal.out(`${artifact.kind}  ${artifact.digest}`);
      for (const { scheme, digest } of artifact.equivalents) cli.terminal.out(`${scheme}  ${digest}`);
    }
    return EXIT.ok;
  });
}

/** Tells how far it is where a person watches; else the digests are all that is printed. */
async function hashWatched(
  cli: CliContext,
  path: string,
  { signature, json }: Options,
): Promise<HashedDirectory> {
  if (!cli.terminal.interactive || json) return hashArtifact(path, { signature });
  const step = (await openProgress(cli.terminal, { json: false })).begin(`hashing ${path}`);
  try {
    const hashed = await hashArtifact(path, {
      signature,
      onProgress: (bytes) => step.note(bytesText(bytes)),
    });
    await step.done(`hashed ${path} (${bytesText(hashed.bytes)})`);
    return hashed;
  } catch (error) {
    await step.fail(`${path} could not be hashed`);
    throw error;
  }
}

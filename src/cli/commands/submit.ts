import type { Command } from 'commander';
import { collect, newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { submit } from '../submit/submit.ts';
import type { SubmitOptions } from '../submit/wish.ts';

const EXAMPLES = [
  'submit --model-id fraud-detection --model-version 4.1.2 --artifact model.onnx \\\n' +
    '      --pipeline governance-pipeline.yaml --evidence-list evidence.yaml \\\n' +
    '      --evidence predictions=eval-predictions.parquet --author git:dana@example.com \\\n' +
    '      --wait --timeout 4h --output governance-record.tar',
];

/** `countersign submit`. */
export function submitCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'submit',
    summary: 'submit a model version for governance',
    description:
      'Hashes the files, uploads what the server lacks, and starts a run of the pipeline. The same submission again gets the same run.',
    examples: EXAMPLES,
    statuses: {
      0: 'governed (without --wait: submitted)',
      1: 'failed or rejected',
      2: 'error',
      3: 'still pending when the time was up',
    },
  });
  return runs<SubmitOptions & ServerOptions>(withServer(withJson(withOptions(command))), cli, (options) =>
    submit(cli, () => connect(cli, options), options),
  );
}

function withOptions(command: Command): Command {
  return command
    .option('--model-id <id>', 'the model')
    .option('--model-version <version>', 'its version')
    .option('--artifact <path>', "the model's file, of any size, or the directory of its files")
    .option(
      '--uri <uri>',
      'where the server is to fetch it: https://…, s3://…, oci://… or file://…, of a source that it knows',
    )
    .option(
      '--digest <digest>',
      'what is fetched must be this; without the bytes, it is what the run is about',
    )
    .option('--pipeline <file>', 'the pipeline file; its bytes must be registered on the server')
    .option('--evidence <name=path>', 'evidence for the checks; may be repeated', collect)
    .option(
      '--evidence-list <file>',
      'a YAML file of names and paths of evidence, relative to it; may be repeated',
      collect,
    )
    .option('--author <account>', 'who made it, such as git:dana@example.com; may be repeated', collect)
    .option('--code-digest <digest>', 'digest of the code that it was made with')
    .option('--data-digest <digest>', 'digest of the data')
    .option('--config-digest <digest>', 'digest of the configuration')
    .option('--trained-at <time>', 'when training ended, RFC 3339')
    .option('--ci-url <address>', 'where the CI run can be seen; those who decide get the link')
    .option('--note <words>', 'what those who decide should know; it is shown on the card as your words')
    .option('--attempt <same|new>', 'new starts another run of an equal submission', 'same')
    .option(
      '--environment <name>',
      "the environment of the verdict, with --wait (default: the server's first)",
    )
    .option('--wait', 'wait for the verdict, and show the stages as they pass')
    .option('--timeout <time>', 'how long to wait: 90s, 30m, 4h', '30m')
    .option(
      '--output <file>',
      'where to write the governance record once it is governed, with --wait; a file that ends in .tar is a package, as export makes it',
    );
}

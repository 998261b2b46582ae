import { z } from 'zod';

const Text = z.string().min(1).max(512);
const Name = z.string().regex(/^[a-z][a-z0-9_]{0,127}$/, 'expected a name in snake_case');

const Parameter = z.strictObject({
  type: z
    .enum(['string', 'integer', 'number', 'boolean', 'strings', 'any'])
    .describe('Its type; `strings` is a list, `any` whatever YAML can say.'),
  default: z
    .json()
    .optional()
    .describe('The value where a pipeline gives none; without it the script gets none either.'),
  description: Text.describe('What it means, with its unit.'),
});

const Evidence = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*(\.?\*)?$/,
      'expected a name such as model_card, or its beginning and *',
    )
    .describe('The name, or its beginning and `*` for every evidence that begins so.'),
  required: z
    .boolean()
    .default(true)
    .describe('Without required evidence the check is `insufficient_evidence`, and the script is not run.'),
  description: Text.describe('What it is.'),
});

/** A check that is a script. */
const ScriptEntry = z.strictObject({
  name: Name.describe('The name of the check in pipelines.'),
  file: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, 'expected the name of a file in the folder, without a path')
    .describe('The file in the folder.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits, as sha256sum prints them')
    .describe('SHA-256 of the file. Bytes that have another are never run.'),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'expected a version such as 1.0.0')
    .describe('Version of the check; a digest of the script and of what it is given is added to it.'),
  stage: Name.describe('The stage that it belongs to, for people; a pipeline may put it into any.'),
  proves: Text.describe('What a pass proves, in a sentence.'),
  does_not_prove: Text.describe('What a pass does not prove.'),
  evidence: z.array(Evidence).default([]).describe('Evidence that the script is given, beside the artifact.'),
  parameters: z
    .record(Name, Parameter)
    .default({})
    .describe('Parameters by name, which pipelines may set; a pipeline that sets another is refused.'),
  formats: z
    .array(Text)
    .min(1)
    .optional()
    .describe(
      'For a script that has the name of a built-in check: formats of artifacts (`pytorch`, `gguf`, `pickle`, …) for which it takes the place of that.',
    ),
  interpreter: z
    .string()
    .startsWith('/', 'expected an absolute path')
    .optional()
    .describe(
      "The program that runs it, absolute; otherwise the file's ending or its first line (`#!`) says which.",
    ),
});

/** `checks:` of countersign.yaml. */
export const Checks = z.strictObject({
  directory: Text.default('checks').describe(
    'Folder of the scripts, relative to this file; no script is run from anywhere else.',
  ),
  scripts: z
    .array(ScriptEntry)
    .default([])
    .describe('Checks that are scripts of yours, each pinned by hash.'),
  libraries: z
    .array(z.string().startsWith('/', 'expected an absolute path'))
    .default([])
    .describe('Folders that scripts may read beside `/usr`, such as a virtual environment of Python.'),
  known: z
    .array(Text)
    .default([])
    .describe(
      'Folders of known cases of your own, besides those that come with the built-in checks, relative to this file.',
    ),
  require_bubblewrap: z
    .boolean()
    .default(false)
    .describe('Whether scripts are run only where bubblewrap keeps them from the keys and the network.'),
});

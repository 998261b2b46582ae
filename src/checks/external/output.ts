import { z } from 'zod';
import { CheckProblem, Measurement } from '../../domain/index.ts';
import { type Parsed, parsed, unparsed } from '../../lib/index.ts';
import { decodeText } from '../evidence/document.ts';
import { parseStrictJson } from '../evidence/strict-json.ts';

/** What a script prints: one JSON object. Unknown keys are refused, since a misspelt `outcome` must not pass. */
export const ScriptOutput = z.strictObject({
  /** What was found: a sentence, or any JSON for the evidence. */
  details: z.json().optional(),
  /** Worse than the exit status says; never better. */
  outcome: z.enum(['passed', 'failed', 'insufficient_evidence', 'errored']).optional(),
  measurements: z.array(Measurement).optional(),
  problems: z.array(CheckProblem).optional(),
});
export type ScriptOutput = z.infer<typeof ScriptOutput>;

/** Standard output as the contract has it; null where nothing was printed. JSON is read strictly: see `parseStrictJson`. */
export function readOutput(bytes: Buffer): Parsed<ScriptOutput | null> {
  const text = decodeText('standard output', bytes);
  if (!text.ok) return text;
  if (text.value.trim() === '') return parsed(null);
  const json = parseStrictJson('standard output', text.value);
  if (!json.ok) return json;
  const output = ScriptOutput.safeParse(json.value);
  if (output.success) return parsed(output.data);
  return unparsed(
    output.error.issues.map(({ path, message }) => ({
      where: ['standard output', ...path.map(String)].join('.'),
      message,
      fix: 'print one JSON object with details, and if need be outcome, measurements and problems',
    })),
  );
}

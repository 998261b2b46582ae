import { type CheckProblem, hexOf } from '../../domain/index.ts';
import type { CheckInput } from '../contract.ts';
import { decodeText } from '../evidence/document.ts';
import { readEvidence } from '../evidence/file.ts';
import { thinReason } from '../placeholder.ts';
import { problem, quoted } from '../report.ts';
import { saysWhatItIsFor } from './control-subject.ts';
import type { DocumentControl } from './controls-document.ts';
import type { Control } from './controls-table.ts';
import { dayOf } from './fields.ts';

const MAX_BYTES = 16 * 1024 * 1024;
const PDF = '%PDF-';

export type Subject = Pick<CheckInput<unknown>, 'modelId' | 'modelVersion' | 'now' | 'evidence'>;

/** What stands against a document as evidence of a control: its entry first, then its bytes. */
export async function documentProblems(
  control: Control,
  entry: DocumentControl,
  subject: Subject,
  minimum: number,
): Promise<CheckProblem[]> {
  return [
    ...entryProblems(control, entry, subject),
    ...(await fileProblems(control, entry, subject, minimum)),
  ];
}

function entryProblems(
  control: Control,
  entry: DocumentControl,
  { now, modelVersion }: Subject,
): CheckProblem[] {
  const where = `controls: ${control.id}`;
  const today = dayOf(now);
  return [
    ...(entry.approved > today
      ? [
          problem(
            where,
            `is approved on ${entry.approved}, which is in the future`,
            'state the day of the approval',
          ),
        ]
      : []),
    ...(entry.expires < today ? [problem(where, `expired on ${entry.expires}`, 'renew the document')] : []),
    ...(entry.model_version === modelVersion
      ? []
      : [
          problem(
            where,
            `is for version ${entry.model_version}, not ${modelVersion}`,
            'approve it for this version',
          ),
        ]),
  ];
}

async function fileProblems(
  control: Control,
  entry: DocumentControl,
  subject: Subject,
  minimum: number,
): Promise<CheckProblem[]> {
  const where = `controls: ${control.id}`;
  const file = subject.evidence.get(entry.document);
  if (file === undefined) {
    return [
      problem(where, `its document ${entry.document} was not submitted`, `submit evidence ${entry.document}`),
    ];
  }
  if (hexOf(file.digest) !== entry.sha256.replace('sha256:', '')) {
    return [
      problem(
        where,
        `${entry.document} is not the document that was approved: its SHA-256 is ${hexOf(file.digest)}`,
        'submit the approved document, or have this one approved and state its SHA-256',
      ),
    ];
  }
  const bytes = await readEvidence(entry.document, file, MAX_BYTES);
  if (!bytes.ok)
    return bytes.problems.map(({ message }) =>
      problem(where, `${entry.document} ${message}`, 'submit a smaller document'),
    );
  return contentProblems(control, entry.document, bytes.value, subject, minimum);
}

function contentProblems(
  control: Control,
  name: string,
  bytes: Buffer,
  subject: Subject,
  minimum: number,
): CheckProblem[] {
  const where = `${name} (${control.id})`;
  // Nothing is known of its text, not even that there is any: no evidence of a control.
  if (bytes.subarray(0, PDF.length).toString('latin1') === PDF)
    return [problem(where, 'is a PDF, whose text cannot be inspected', 'submit Markdown or plain text')];
  const text = decodeText(name, bytes);
  if (!text.ok)
    return [problem(where, 'is neither text nor PDF', 'submit it as UTF-8 text, Markdown or PDF')];
  const thin = thinReason(text.value, minimum);
  if (thin !== undefined) return [problem(where, thin, 'write the document out')];
  return [
    ...subjectProblems(control, where, text.value),
    ...namingProblems(control, where, text.value, subject),
    ...headingProblems(control, where, text.value),
  ];
}

/** Any text of some length would serve for any control, if it did not have to say which it is for. */
function subjectProblems(control: Control, where: string, text: string): CheckProblem[] {
  if (saysWhatItIsFor(control, text)) return [];
  const { article, title, id } = control;
  return [
    problem(
      where,
      `does not say that it is for the control ${id}`,
      `cite its article (${article}) or name it: ${title}`,
    ),
  ];
}

function namingProblems(control: Control, where: string, text: string, subject: Subject): CheckProblem[] {
  if (control.namesModel !== true) return [];
  const missing = [subject.modelId, subject.modelVersion].filter((name) => !mentions(text, name));
  if (missing.length === 0) return [];
  return [
    problem(
      where,
      `does not mention ${missing.map(quoted).join(' and ')}`,
      'name the model and version it is about',
    ),
  ];
}

/** Whether a text has a name as a word of its own: version 4.1 is not mentioned by 4.1.2. */
function mentions(text: string, name: string): boolean {
  const pattern = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_.-])${pattern}(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`, 'u').test(text);
}

function headingProblems(control: Control, where: string, text: string): CheckProblem[] {
  const headings = [...text.matchAll(/^#{1,6}[ \t]+(.{1,200})$/gm)].map((match) =>
    normalised(match[1] ?? ''),
  );
  const missing = (control.headings ?? []).filter(
    (wanted) => !headings.some((heading) => heading.includes(normalised(wanted))),
  );
  if (missing.length === 0) return [];
  return [
    problem(where, `has no heading ${missing.map(quoted).join(', ')}`, 'give it the headings of Annex IV'),
  ];
}

function normalised(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

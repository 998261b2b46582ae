import type { Classifier, Prediction } from './classifier.ts';
import type { Asking } from './probe.ts';

/** Numbers that the questions of one batch may hold together, so that wide rows do not fill the memory. */
const MOST_NUMBERS = 2_000_000;
const MOST_TASKS = 256;

/**
 * Runs many attacks side by side: each one's next question goes into a common batch, each gets its own part of the
 * answer. For a model that answers row by row, no attack sees what the others ask.
 *
 * @param width columns of a row.
 * @throws Error where the classifier answers other rows than it was asked about.
 */
export async function drive(
  classifier: Classifier,
  width: number,
  tasks: Iterable<Asking<void>>,
): Promise<void> {
  const waiting = tasks[Symbol.iterator]();
  let running: Running[] = [];
  for (;;) {
    running.push(...started(waiting, roomFor(running)));
    if (running.length === 0) return;
    const answers = await askAll(classifier, width, running);
    running = running.flatMap((one, index) => {
      const step = one.task.next(answers[index] ?? EMPTY);
      return step.done ? [] : [{ task: one.task, question: step.value }];
    });
  }
}

interface Running {
  readonly task: Asking<void>;
  readonly question: Float64Array;
}

const EMPTY: Prediction = { labels: new Int32Array(0), scores: null };

function roomFor(running: readonly Running[]): { readonly tasks: number; readonly numbers: number } {
  const numbers = running.reduce((sum, { question }) => sum + question.length, 0);
  return { tasks: MOST_TASKS - running.length, numbers: MOST_NUMBERS - numbers };
}

/** Starts as many more as there is room for; the first of all is always started. */
function started(waiting: Iterator<Asking<void>>, room: { tasks: number; numbers: number }): Running[] {
  const begun: Running[] = [];
  let numbers = room.numbers;
  while (begun.length < room.tasks && numbers > 0) {
    const next = waiting.next();
    if (next.done) break;
    const step = next.value.next();
    if (step.done) continue;
    begun.push({ task: next.value, question: step.value });
    numbers -= step.value.length;
  }
  return begun;
}

async function askAll(
  classifier: Classifier,
  width: number,
  running: readonly Running[],
): Promise<Prediction[]> {
  const total = running.reduce((sum, { question }) => sum + question.length, 0);
  const rows = new Float64Array(total);
  let filled = 0;
  for (const { question } of running) {
    rows.set(question, filled);
    filled += question.length;
  }
  const answer = await classify(classifier, rows, total / width);
  let row = 0;
  return running.map(({ question }) => {
    const first = row;
    row += question.length / width;
    return part(answer, classifier.classes, first, row);
  });
}

/** The classifier's answer, held to its form. */
export async function classify(
  classifier: Classifier,
  rows: Float64Array,
  count: number,
): Promise<Prediction> {
  if (count === 0) return EMPTY;
  const answer = await classifier.predict(rows, count);
  const scores = answer.scores?.length ?? count * classifier.classes;
  if (answer.labels.length !== count || scores !== count * classifier.classes) {
    const given = `${answer.labels.length} labels and ${answer.scores?.length ?? 'no'} scores`;
    throw new Error(`the classifier gave ${given} for ${count} rows and ${classifier.classes} classes`);
  }
  return answer;
}

/** The answers about rows `first` to `end` - 1. */
export function part(
  { labels, scores }: Prediction,
  classes: number,
  first: number,
  end: number,
): Prediction {
  return {
    labels: labels.subarray(first, end),
    scores: scores?.subarray(first * classes, end * classes) ?? null,
  };
}

import type { Terminal } from '../terminal.ts';
import { lineProgress, type Progress } from './progress.ts';

/** Progress that moves where a person watches, else line by line; on standard error where output is for a machine. */
export async function openProgress(terminal: Terminal, options: { json: boolean }): Promise<Progress> {
  if (options.json) return lineProgress(terminal.err);
  if (!terminal.interactive) return lineProgress(terminal.out);
  const { taskProgress } = await import('./task-progress.ts');
  return taskProgress();
}

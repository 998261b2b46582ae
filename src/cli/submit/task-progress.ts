import { writeSync } from 'node:fs';
import { Listr } from 'listr2';
import { printable } from '../terminal.ts';
import type { Progress } from './progress.ts';

const SHOW_CURSOR = '\u001b[?25h';

/** Progress for a terminal: a task that spins until its step ends. */
export function taskProgress(): Progress {
  // Interrupted, the process ends as it would have, but leaves the terminal as it found it. Written past listr2, which
  // holds back what others write while it runs.
  process.once('SIGINT', () => {
    writeSync(process.stdout.fd, `${SHOW_CURSOR}\n`);
    process.kill(process.pid, 'SIGINT');
  });
  return {
    begin: (title) => {
      const { promise, resolve } = Promise.withResolvers<{ text: string; failed: boolean }>();
      let note = (_text: string) => {};
      const tasks = new Listr(
        [
          {
            title: printable(title),
            task: async (_context, task) => {
              note = (text) => {
                task.title = `${printable(title)} ${printable(text)}`;
              };
              const { text, failed } = await promise;
              task.title = printable(text);
              if (failed) throw new Error(text);
            },
          },
        ],
        { exitOnError: false, registerSignalListeners: false, rendererOptions: { showErrorMessage: false } },
      );
      const shown = tasks.run().then(() => undefined);
      return {
        note: (text) => note(text),
        done: (text) => {
          resolve({ text, failed: false });
          return shown;
        },
        fail: (text) => {
          resolve({ text, failed: true });
          return shown;
        },
      };
    },
  };
}

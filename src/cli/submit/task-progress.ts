import { writeSync } from 'node:fs';
import { Listr } from 'listr2';
import { printable } from '../terminal.ts';
import type { Progress } from './progress.ts';

const SHOW_CURSOR = '\u001b[?25h';

interface Ending {
  readonly how: 'done' | 'failed' | 'left';
  readonly text: string;
}

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
      const { promise, resolve } = Promise.withResolvers<Ending>();
      let note = (_text: string) => {};
      const tasks = new Listr(
        [
          {
            title: printable(title),
            task: async (_context, task) => {
              note = (text) => {
                task.title = `${printable(title)} ${printable(text)}`;
              };
              const { how, text } = await promise;
              if (how === 'left') return task.skip(task.title);
              task.title = printable(text);
              if (how === 'failed') throw new Error(text);
            },
          },
        ],
        { exitOnError: false, registerSignalListeners: false, rendererOptions: { showErrorMessage: false } },
      );
      const shown = tasks.run().then(() => undefined);
      return {
        note: (text) => note(text),
        done: (text) => {
          resolve({ how: 'done', text });
          return shown;
        },
        fail: (text) => {
          resolve({ how: 'failed', text });
          return shown;
        },
        leave: () => {
          resolve({ how: 'left', text: '' });
          return shown;
        },
      };
    },
  };
}

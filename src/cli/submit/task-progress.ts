import { Listr } from 'listr2';
import { printable } from '../terminal.ts';
import type { Progress } from './progress.ts';

/** Progress for a terminal: a task that spins until its step ends. */
export function taskProgress(): Progress {
  return {
    begin: (title) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      let note = (_text: string) => {};
      const tasks = new Listr(
        [
          {
            title: printable(title),
            task: async (_context, task) => {
              note = (text) => {
                task.title = `${printable(title)} ${printable(text)}`;
              };
              task.title = printable(await promise);
            },
          },
        ],
        { exitOnError: false, registerSignalListeners: false, rendererOptions: { showErrorMessage: false } },
      );
      const shown = tasks.run().then(() => undefined);
      return {
        note: (text) => note(text),
        done: (text) => {
          resolve(text);
          return shown;
        },
        fail: (text) => {
          reject(new Error(printable(text)));
          return shown;
        },
      };
    },
  };
}

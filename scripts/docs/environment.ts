import { VARIABLES } from '../../src/config/variables.ts';
import { code, page, table } from './markdown.ts';

/** The page about environment variables. */
export function environmentPage(): string {
  const rows = Object.entries(VARIABLES).map(([name, { readBy, meaning, secret, asFile }]) => [
    code(name),
    readBy.join(', '),
    secret ? 'yes' : '',
    asFile ? 'yes' : '',
    meaning,
  ]);
  return page(
    '# Environment variables',
    'Nothing else of the environment is read. Where `_FILE` says yes, the variable may be given as `<NAME>_FILE` instead: the path of a file that holds the value, as container secrets are. Both at once is an error; an empty variable or file counts as not given.',
    table(['variable', 'read by', 'secret', '`_FILE`', 'meaning'], rows),
  );
}

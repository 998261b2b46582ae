import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const log = process.env['MODULE_LOG'];
if (log === undefined) throw new Error('MODULE_LOG names no file');

// Notes the address of every module that is loaded from now on.
registerHooks({
  load: (url, context, nextLoad) => {
    appendFileSync(log, `${url}\n`);
    return nextLoad(url, context);
  },
});

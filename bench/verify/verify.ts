import type { Bench } from '../bench.ts';
import { ofJudging } from './judging.ts';
import { ofStart } from './start.ts';
import { ofStatements } from './statements.ts';

/** Our verification of statements, against the cryptography that it cannot do without. */
export const verify: Bench = {
  name: 'verify',
  summary: 'statements verified and judged, against bare crypto.verify and a bare start',
  async run(options) {
    return [...(await ofStatements(options)), ...(await ofJudging(options)), ...(await ofStart(options))];
  },
};

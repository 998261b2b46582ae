import { sql } from 'kysely';
import { createLead } from '../../src/services/index.ts';
import { openDatabase } from '../../src/storage/index.ts';

/**
 * A monitor's claim to the lead in a process of its own, for tests that stop or kill that process. Arguments: the address of
 * the database, and the lease in milliseconds. When its parent says anything, it tries to commit a row as leader.
 */
export type LeadReport = { readonly kind: 'leads' | 'committed' | 'refused' };

const report = (kind: LeadReport['kind']) => process.send?.({ kind } satisfies LeadReport);

const [, , address = '', lease] = process.argv;
const lead = createLead({ db: openDatabase(address) }, Number(lease));
const term = await lead.take();
if (term === null) throw new Error('another leads');
process.on('message', () => {
  term.db
    .transaction()
    .execute((tx) => sql`insert into productions values ('stale', '1', now(), now())`.execute(tx))
    .then(
      () => report('committed'),
      () => report('refused'),
    );
});
report('leads');

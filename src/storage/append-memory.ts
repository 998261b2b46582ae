import { Kysely, type KyselyConfig, type TransactionBuilder } from 'kysely';
import { CountersignError, type LedgerEntry } from '../domain/index.ts';
import type { Tables } from './tables.ts';

/** An entry of the ledger that was committed, as whoever appended it knows it. */
export type Appended = Pick<LedgerEntry, 'id' | 'index'>;

/** What a process knows, from elsewhere than the database, of what it appended to the ledger. */
export interface AppendMemory {
  /** Where it lies, for people. */
  readonly path: string;
  /** The newest entry; null where none is known. @throws CountersignError `integrity` where that cannot be told */
  newest(): Promise<Appended | null>;
  /** Remembers an entry that is committed, unless a newer one is known. */
  remember(entry: Appended): Promise<void>;
}

/** What the transactions that are under way appended, each with where it is to be remembered. */
const underWay = new WeakMap<object, { readonly memory: AppendMemory; readonly appended: Appended[] }>();

/** A database of which it is remembered outside what was appended, as soon as that is committed. */
export class RememberedDatabase extends Kysely<Tables> {
  readonly #memory: AppendMemory;

  constructor(config: KyselyConfig, memory: AppendMemory) {
    super(config);
    this.#memory = memory;
  }

  /** Remembers only what its `execute` commits: to set how a transaction is isolated is for those that read. */
  override transaction(): TransactionBuilder<Tables> {
    const builder = super.transaction();
    const execute = builder.execute.bind(builder);
    builder.execute = async (work) => {
      const appended: Appended[] = [];
      const result = await execute((tx) => {
        underWay.set(tx, { memory: this.#memory, appended });
        return work(tx);
      });
      const newest = appended.at(-1);
      if (newest !== undefined) await this.#memory.remember(newest);
      return result;
    };
    return builder;
  }
}

/** Has an entry be remembered once the transaction is committed. */
export function noteAppended(tx: object, { id, index }: LedgerEntry): void {
  const noted = underWay.get(tx);
  if (noted === undefined) return;
  noted.appended.push({ id, index });
  noted.appended.sort((a, b) => a.index - b.index);
}

/**
 * Makes sure that the ledger still holds what was appended last: nothing may take the place of what somebody took out.
 *
 * @param idAt the statement at an index
 * @throws CountersignError `integrity`
 */
export async function demandRemembered(
  tx: object,
  idAt: (index: number) => Promise<string | undefined>,
): Promise<void> {
  const memory = underWay.get(tx)?.memory;
  const newest = (await memory?.newest()) ?? null;
  if (memory === undefined || newest === null || (await idAt(newest.index)) === newest.id) return;
  throw new CountersignError(
    'integrity',
    `the ledger does not hold at ${newest.index} the statement ${newest.id}, which was appended and committed there (${memory.path}): nothing more is recorded until it is back; see "The ledger was tampered with" in docs/operations.md`,
  );
}

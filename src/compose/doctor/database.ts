import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Examined } from '../../cli/index.ts';
import type { Config } from '../../config/index.ts';
import { databaseFacts, isMigrated, openDatabase } from '../../storage/index.ts';
import { about } from './examined.ts';
import { examineSeenPolicies } from './seen-policies.ts';

const { ok, problem, warning } = about('database');

/** The oldest Postgres that is tested. */
const OLDEST = 14;

/** What there is to say of the database, and its clock where it has one that can differ from ours. */
export interface DatabaseExamined {
  readonly examined: readonly Examined[];
  /** Milliseconds since 1970; null where the database is a private one, or is not there. */
  readonly time: number | null;
}

/** Looks at the database that the environment names; a private one has only its folder to be looked at. */
export async function examineDatabase(config: Config): Promise<DatabaseExamined> {
  if (config.databaseUrl === null) return { examined: [await examineFolder(config)], time: null };
  const db = openDatabase(config.databaseUrl, { maxConnections: 1 });
  try {
    const { majorVersion, time, mayCreate } = await databaseFacts(db);
    const isUpToDate = await isMigrated(db);
    const isReady = mayCreate || isUpToDate;
    const examined = [
      majorVersion < OLDEST
        ? warning(
            `DATABASE_URL is Postgres ${majorVersion}, older than what is tested`,
            `use Postgres ${OLDEST} or newer`,
          )
        : ok(`Postgres ${majorVersion} answers`),
      ...(isReady
        ? []
        : [
            problem(
              'the account of DATABASE_URL may not create the schema countersign, and it is not as this release needs it',
              'run countersign migrate as the owner; or grant it CREATE on the database',
            ),
          ]),
      ...(isUpToDate ? await examineSeenPolicies(config, db) : []),
    ];
    return { examined, time };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const fix = 'start Postgres, or correct DATABASE_URL; without it a private one is used';
    return { examined: [problem(`the database does not answer: ${why}`, fix)], time: null };
  } finally {
    await db.destroy();
  }
}

async function examineFolder({ dataDir }: Config): Promise<Examined> {
  try {
    await access(await standing(dataDir), constants.W_OK);
    return ok(`a private Postgres runs under ${dataDir}; several hosts need DATABASE_URL`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return problem(
      `the data folder ${dataDir} cannot be written to (${code})`,
      'make it writable for this account, or set data_dir',
    );
  }
}

/** The folder itself, or the nearest one above it that is there: in which it would be made. */
async function standing(folder: string): Promise<string> {
  const parent = dirname(folder);
  const isThere = await access(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  return isThere || parent === folder ? folder : standing(parent);
}

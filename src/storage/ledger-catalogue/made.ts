import { SURFACE_GRANTS } from '../surface-grants.ts';
import { LEDGER_TABLES, LIMITS_ROWS } from './read.ts';

const REFUSES_CHANGES =
  'BEFORE DELETE OR UPDATE OR TRUNCATE ON $ FOR EACH STATEMENT EXECUTE FUNCTION refuse_change(), enabled O, source 4acf8ec4efe22f6e';

/** What migrations make of the ledger's tables, in the words of `ledgerCatalogue`. One that changes any of it says so here. */
const MADE: readonly string[] = [
  ...LEDGER_TABLES.map((table) => `${table} is of kind r`),
  ...['ledger', 'ledger_nodes', 'resignatures'].map(
    (table) => `CREATE TRIGGER ${table}_append_only ${REFUSES_CHANGES.replace('$', table)}`,
  ),
  'CREATE TRIGGER ledger_in_order BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION refuse_backdating(), enabled O, source c6ce5b4bb559391f',
  'ledger: CHECK ((index >= 0))',
  'ledger: PRIMARY KEY (index)',
  'ledger: UNIQUE (id)',
  'ledger_nodes: CHECK ((index >= 0))',
  'ledger_nodes: CHECK ((level >= 0))',
  'ledger_nodes: PRIMARY KEY (level, index)',
  'ledger_state: CHECK (singleton)',
  'ledger_state: PRIMARY KEY (singleton)',
  'resignatures: PRIMARY KEY (statement, key_id)',
  ...[
    ...['approval_decisions (statement)', 'approval_decisions (withdrawal)', 'approval_requests (id)'],
    ...['delegations (ended_by)', 'delegations (id)', 'enforcements (block)', 'enforcements (release)'],
    ...['records (statement)', 'resignatures (statement)', 'stage_results (statement)'],
  ].map((place) => `${place.replace(' ', ': FOREIGN KEY ')} REFERENCES ledger(id)`),
];

/** What grants make where there are roles to be granted anything: who reads, reads everything. */
const LIMITED: readonly string[] = [
  `ledger ${LIMITS_ROWS}`,
  'policy everybody_reads on ledger: permits, r, to all, using true',
  'policy granted_changes on ledger: permits, w, to all, using true',
  'policy granted_removals on ledger: permits, d, to all, using true',
];
const isOfGrants = (line: string): boolean => LIMITED.includes(line) || line.startsWith('policy ');

/** Each where its role was there when grants were made. */
const ADDERS: readonly string[] = Object.keys(SURFACE_GRANTS).map(
  (role) => `policy ${role}_adds on ledger: permits, a, to ${role}`,
);

/** A later release may refer to the ledger from further tables while older processes still run. */
const REFERENCE = /^(?!ledger)\w+: FOREIGN KEY \(\w+\) REFERENCES ledger\(id\)$/;

/** How a catalogue differs from what migrations and grants make. */
interface CatalogueDifference {
  readonly unknown: readonly string[];
  readonly missing: readonly string[];
}

/** Holds what the catalogue says of the ledger's tables, line by line, to what migrations and grants make of them. */
export function catalogueDifference(lines: readonly string[]): CatalogueDifference {
  const expected = lines.some(isOfGrants) ? [...MADE, ...LIMITED] : MADE;
  const known = new Set([...expected, ...ADDERS]);
  const present = new Set(lines);
  return {
    unknown: lines.filter((line) => !known.has(line) && !REFERENCE.test(line)),
    missing: expected.filter((line) => !present.has(line)),
  };
}

/** What Slack says of an account. Names and e-mails are left out: they decide nothing. */
export interface AccountFacts {
  /** Home workspace (`T…`). */
  readonly team: string;
  /** The organisation (`E…`) of an Enterprise Grid account; null elsewhere. */
  readonly enterprise: string | null;
  /** Workspaces of the organisation that the account belongs to. */
  readonly workspaces: readonly string[];
  readonly deactivated: boolean;
  /** A bot, an app or a workflow. */
  readonly automated: boolean;
  /** A guest of one channel or of several. */
  readonly guest: boolean;
  /** Comes in through Slack Connect. */
  readonly stranger: boolean;
  /** Of the profile (IANA name); null where Slack does not say, or names none that is known here. */
  readonly timeZone: string | null;
}

/** Why an account may not decide, whatever roles its person holds. */
export type AccountBar = 'unknown' | 'deactivated' | 'bot' | 'foreign' | 'guest';

/** Why an account may not decide in a workspace (`T…`) or organisation (`E…`); null when nothing bars it. */
export function barOf(facts: AccountFacts, place: string): AccountBar | null {
  if (facts.deactivated) return 'deactivated';
  if (facts.automated) return 'bot';
  if (facts.stranger || !belongs(facts, place)) return 'foreign';
  return facts.guest ? 'guest' : null;
}

function belongs({ team, enterprise, workspaces }: AccountFacts, place: string): boolean {
  return team === place || enterprise === place || workspaces.includes(place);
}

/** What is looked at. */
export type DoctorArea =
  | 'configuration'
  | 'trust'
  | 'signing'
  | 'database'
  | 'queue'
  | 'clocks'
  | 'isolation'
  | 'sources'
  | 'fetching'
  | 'publishing'
  | 'alerts'
  | 'slack'
  | 'roles';

/** What was found out about one thing: fine, to be thought about, or in the way. */
export interface Examined {
  readonly area: DoctorArea;
  readonly outcome: 'ok' | 'warning' | 'problem';
  /** A sentence without a full stop. */
  readonly message: string;
  /** What to do about it; null where nothing is to be done. */
  readonly fix: string | null;
}

/** Told which area is being looked at. */
export type OnArea = (area: DoctorArea) => void;

/** Looks at everything that a configuration leads to, and changes nothing; the composition root makes it. */
export type Examine = (configPath: string | null, onArea: OnArea) => Promise<readonly Examined[]>;

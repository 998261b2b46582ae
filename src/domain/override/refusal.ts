/** Why the documentation of an override does not count. */
export type DocumentationRefusal =
  | 'account_barred'
  | 'already_documented'
  /** What was never good needs no documentation. */
  | 'nothing_to_document';

/** Why an override, its confirmation or its documentation does not count. */
export type OverrideRefusal =
  | 'unknown_person'
  /** The person is not an override officer. */
  | 'no_role'
  /** Whoever submitted or made the artifact lets nothing pass. */
  | 'submitter_or_author'
  /** A pipeline of the model forbids it, or none counts there. */
  | 'not_allowed'
  | 'too_long'
  | 'reason_required'
  /** Nothing tells which bytes go by the name. */
  | 'unknown_artifact'
  /** Prohibited, rejected or revoked, or the ledger does not verify. */
  | 'not_overridable'
  | 'already_governed'
  /** One of the same scope is good now, or waits for its confirmation. */
  | 'already_open'
  /** An earlier override of the model should have been documented by now. */
  | 'undocumented'
  | 'role_unconfirmed'
  /** The form showed other bytes, or other reasons, than those that there are now. */
  | 'changed_meanwhile'
  /** Nothing waits for a confirmation any more. */
  | 'not_waiting'
  /** The second person is another than the first. */
  | 'same_person'
  | DocumentationRefusal;

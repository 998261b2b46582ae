/** A refusal that the Web API answers with `{ ok: false, error }`. */
export class SlackApiError extends Error {
  /** Slack's error code, for example `channel_not_found`. */
  readonly code: string;
  /** What Slack puts into `response_metadata.messages`. */
  readonly messages: readonly string[];
  /** Further fields of the answer, for example the scope that is `needed`. */
  readonly details: Readonly<Record<string, string>>;

  constructor(
    code: string,
    messages: readonly string[] = [],
    details: Readonly<Record<string, string>> = {},
  ) {
    super([code, ...messages].join(': '));
    this.name = 'SlackApiError';
    this.code = code;
    this.messages = messages;
    this.details = details;
  }
}

/** Something a person could not do in the Slack client, such as clicking a button that is not there. */
export class SlackActorError extends Error {
  /** Messages beside the fields of a form, by block id. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'SlackActorError';
    this.fields = fields;
  }
}

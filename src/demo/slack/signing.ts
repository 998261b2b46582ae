import { createHmac } from 'node:crypto';

/** Headers and exact body of one request. */
export interface RawRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What to sign with. */
export interface SigningInput {
  readonly signingSecret: string;
  /** Unix time in whole seconds. */
  readonly timestamp: number | string;
  readonly body: string;
}

/** Slack's request signature, version 0: `v0=` and the HMAC-SHA256 of `v0:timestamp:body` in hexadecimal. */
export function signatureOf(input: SigningInput): string {
  const mac = createHmac('sha256', input.signingSecret);
  return `v0=${mac.update(`v0:${input.timestamp}:${input.body}`).digest('hex')}`;
}

/** The request that Slack would send with this body. */
export function signRequest(input: SigningInput, contentType: string): RawRequest {
  return {
    headers: {
      'content-type': contentType,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      accept: 'application/json,*/*',
      'x-slack-request-timestamp': String(input.timestamp),
      'x-slack-signature': signatureOf(input),
    },
    body: input.body,
  };
}

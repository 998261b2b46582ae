import { CountersignError } from '../domain/index.ts';

/**
 * Sends a request to where the operator allows it, and nowhere else.
 * @throws CountersignError with no more of the URL than its host
 */
export type Send = (
  url: string,
  request: {
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
    readonly limit: number;
    readonly redirects: 0;
  },
) => Promise<Response>;

/** Most that is read of what a receiver answers. */
const MOST_READ = 64 * 1024;
const MOST_TOLD = 300;

/** What is wrong by these is not what was sent: the address, who sends it, or the time. */
const NOT_THE_MESSAGE = [401, 404, 405, 407, 408, 425, 429];

/**
 * Posts JSON; returns the status where it is one of those that are accepted.
 * @throws CountersignError `invalid_input` where the answer is that the message is wrong, else `unavailable`
 */
export async function postJson(
  send: Send,
  url: string,
  { body, headers = {} }: { readonly body: string; readonly headers?: Readonly<Record<string, string>> },
  accepted: (status: number) => boolean,
): Promise<number> {
  const response = await send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'countersign', ...headers },
    body: new TextEncoder().encode(body),
    limit: MOST_READ,
    redirects: 0,
  });
  const { status } = response;
  const text = await response.text().catch(() => '');
  if (accepted(status)) return status;
  const said = printable(text);
  const isRefused = status >= 400 && status < 500 && !NOT_THE_MESSAGE.includes(status);
  throw new CountersignError(
    isRefused ? 'invalid_input' : 'unavailable',
    `${new URL(url).host} answered with the status ${status}${said === '' ? '' : `: ${said}`}`,
  );
}

/** One line of what somebody else wrote. */
function printable(text: string): string {
  return text
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MOST_TOLD);
}

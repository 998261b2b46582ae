/** What is sent, and what is taken. */
export interface OutboundRequest {
  /** `GET` unless given. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** Most bytes taken of the answer; 16 MiB unless given. */
  readonly limit?: number;
  /** Redirects that are followed at most, each judged anew; 5 unless given. With 0 they are answers like any other. */
  readonly redirects?: number;
  /** Ends it all early. */
  readonly signal?: AbortSignal;
}

/** How a receiver outside is reached. */
export interface Reach {
  readonly allowAddresses: readonly string[];
  readonly caFile: string | null;
}

/** A receiver of alerts as it is configured, paths absolute. */
export type ReceiverConfig =
  | { readonly type: 'slack'; readonly name: string; readonly channel: string }
  | (Reach & {
      readonly type: 'alertmanager';
      readonly name: string;
      readonly urls: readonly string[];
      readonly resendEvery: number;
      /** How it is logged in; null for not at all. */
      readonly login:
        | { readonly username: string; readonly passwordFile: string }
        | { readonly tokenFile: string }
        | null;
    })
  | (Reach & {
      readonly type: 'webhook';
      readonly name: string;
      readonly url: string;
      readonly secretFiles: readonly string[];
      readonly timeout: number;
    });

import type { Door } from '../door.ts';
import type { Finding } from '../finding.ts';
import type { Manifests } from '../read.ts';
import type { Endpoint } from '../serving.ts';

/** What a look at one door needs beside the door. */
export interface TlsContext {
  readonly manifests: Manifests;
  readonly endpoint: Endpoint;
  /** Whether the hop from the proxy to the model must be encrypted too. */
  readonly requireBackendTls: boolean;
}

/** Judges the encryption of one door. */
export type TlsJudge = (door: Door, context: TlsContext) => readonly Finding[];

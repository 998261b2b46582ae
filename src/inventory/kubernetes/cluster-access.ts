/** How an API server is reached. */
export interface ClusterAccess {
  readonly server: string;
  /** Authorities of its certificate, PEM; null for the public ones. */
  readonly ca: string | null;
  readonly token: string | null;
  /** A client certificate, PEM. */
  readonly identity: { readonly certificate: string; readonly key: string } | null;
}

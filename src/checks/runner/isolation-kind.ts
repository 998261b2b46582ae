/** How a check's process is kept apart, strongest first. `bubblewrap` includes the limits of `prlimit`. */
export const ISOLATION_KINDS = ['bubblewrap', 'prlimit', 'none'] as const;
export type IsolationKind = (typeof ISOLATION_KINDS)[number];

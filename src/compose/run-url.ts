import type { Config } from '../config/index.ts';
import type { RunLinks } from '../services/index.ts';

/** Where people read a run in full; null where the configuration does not say how they reach the service. */
export function runUrlOf(
  { publicUrl }: Pick<Config, 'publicUrl'>,
  links: RunLinks | null,
): (runId: string) => string | null {
  if (publicUrl === null || links === null) return () => null;
  const base = publicUrl.replace(/\/?$/, '/');
  return (runId) => new URL(links.pathTo(runId), base).href;
}

import { CountersignError, ofKind, problemWithView } from '../domain/index.ts';
import type { ExportContext } from './context.ts';
import type { Dossier } from './judge-artifact.ts';

/**
 * Has the view of a dossier witnessed, and holds what comes back to what an offline verifier will ask of it, so that nobody
 * carries a package away that nobody believes.
 *
 * @throws CountersignError `unavailable` where the monitor witnesses nothing now, or what it signs does not count;
 *   `integrity` where the ledger is not as the view says
 */
export async function witnessOf(ctx: ExportContext, { view, viewBundle }: Dossier): Promise<string> {
  const bundle = await ctx.witnessView(viewBundle);
  const result = ctx.verifier.verify(bundle);
  const said = result.ok ? [result.statement] : [];
  const [witness = null] = ofKind(said, 'view-witness/v1');
  const { artifact } = view.body;
  const problem = problemWithView({ artifact, view, witness, trust: ctx.trust, now: ctx.clock.now() });
  if (problem === null) return bundle;
  const why = result.ok
    ? problem.message
    : `what the monitor signed does not verify: ${result.failure.message}`;
  throw new CountersignError(
    'unavailable',
    `no offline verifier would believe the export: ${why}; ${problem.resolve}`,
  );
}

import type { Examined } from '../../cli/index.ts';
import { type Config, configuredSecrets } from '../../config/index.ts';
import { createSources, type InventorySource, sourceProblems } from '../../inventory/index.ts';
import { SECOND } from '../../lib/index.ts';
import { observeSource } from '../../services/index.ts';
import { systemClock } from '../clock.ts';
import { about } from './examined.ts';

const { ok, warning, problem } = about('sources');

/** How long a source is looked at that has no time of its own, in milliseconds. */
const PATIENCE = 30 * SECOND;

/** Looks once at every source of the inventory, at all of them at the same time. */
export async function examineSources({ file, monitor }: Config): Promise<Examined[]> {
  if (sourceProblems(monitor.sources).length > 0) return [];
  const sources = createSources(monitor.sources, configuredSecrets(file));
  if (sources.length > 0) return (await Promise.all(sources.map(examineSource))).flat();
  return [
    warning(
      'no source shows what is deployed: only processes that report themselves are seen',
      'name under monitor.sources where models serve',
    ),
  ];
}

async function examineSource(source: InventorySource): Promise<Examined[]> {
  const hurried = { ...source, timeout: source.timeout ?? PATIENCE };
  const beginning = { before: null, known: [], complete: async <T>(seen: readonly T[]) => seen };
  const sight = await observeSource(systemClock, hurried, beginning);
  const { name, problem: fault } = sight.state;
  const seen = sight.kind === 'seen' ? [...sight.deployments.values()] : null;
  const unknown = (seen ?? []).filter(({ digest }) => digest === null).length;
  const without = unknown === 0 ? '' : `, ${unknown} of them without a digest`;
  return [
    ...(seen === null ? [] : [ok(`the source ${name} shows ${seen.length} deployments${without}`)]),
    ...(fault === null ? [] : [problem(`the source ${name} ${fault}`, FIX)]),
  ];
}

const FIX = 'correct its settings, give its account the right to read, or take it out of monitor.sources';

import type { Examined } from '../../cli/index.ts';
import type { Config, FetchSource } from '../../config/index.ts';
import { SECOND } from '../../lib/index.ts';
import { openSource } from '../fetching.ts';
import { about } from './examined.ts';
import { why } from './why.ts';

const { ok, warning, problem } = about('fetching');

/** Milliseconds for one source. */
const PATIENCE = 10 * SECOND;

/** Tries every source that artifacts are fetched from, all at the same time, without reading an artifact. */
export async function examineFetching({ fetch }: Config): Promise<Examined[]> {
  if (fetch.sources.length === 0) return [ok('nothing is fetched: fetch.sources names no source')];
  return Promise.all(fetch.sources.map(examineSource));
}

async function examineSource(source: FetchSource): Promise<Examined> {
  const { name } = source;
  try {
    const opened = await openSource(source);
    const { shows, doubt } = await opened.probe(AbortSignal.timeout(PATIENCE));
    const message = `the source ${name} ${shows}`;
    return doubt === null ? ok(message) : warning(message, doubt);
  } catch (error) {
    return problem(
      `the source ${name} cannot be read: ${why(error)}`,
      `correct ${name} under fetch.sources (its files, hosts and addresses), give its account the right to read, or take it out`,
    );
  }
}

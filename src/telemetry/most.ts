/*
 * So much has series of its own, so that no registry full of names, and no token that reports them, fills Prometheus or makes it
 * refuse the scrape. Beyond it the worst are chosen, and how much is left out is exported. Far above what people govern.
 */

/** Model versions with series of their own. */
export const MOST_MODEL_VERSIONS = 10_000;

/** Missing stages that are named of one model version; all are counted. */
export const MOST_STAGES = 16;

/** Deployments with series of their own. */
export const MOST_DEPLOYMENTS = 20_000;

/** Governed artifacts with a series of their own. */
export const MOST_ARTIFACTS = 20_000;

/** Kinds of findings, each of one model version in one environment, with a series of their own. */
export const MOST_FINDINGS = 20_000;

/** Open approval requests with a series of their own. */
export const MOST_APPROVALS = 5000;

/** Environments of which deployments are counted apart. */
export const MOST_ENVIRONMENTS = 500;

/** Characters of a label's value, which sources choose. */
export const LONGEST_LABEL = 512;

/** What stands in the place of names that are left out, as in findings that are about no model version. */
export const TOGETHER = '*';

/** How much a help text says there is at most. */
export function upTo(most: number): string {
  return most.toLocaleString('en');
}

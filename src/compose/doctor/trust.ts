import type { Examined } from '../../cli/index.ts';
import type { Config } from '../../config/index.ts';
import { CountersignError, type Instant } from '../../domain/index.ts';
import { DAY, later } from '../../lib/index.ts';
import { trustOf } from '../keys.ts';
import { whyUnwitnessed } from '../trust-notices.ts';
import { about } from './examined.ts';

const { ok, problem, warning } = about('trust');

/** For how many milliseconds before its end a trust policy is warned of. */
const WARNED = 30 * DAY;

const NEXT =
  'countersign trust-policy draft writes the next version, to be read and signed; it counts without a restart';

/** Looks at what a process would believe now: whether it can be read, and for how long it is good. */
export async function examineTrust(config: Config, now: Instant): Promise<Examined[]> {
  try {
    const { policy } = await trustOf(config);
    const { edition } = policy;
    if (edition === undefined) return [ok(`trust is made of ${config.file} and ${config.trustDir}`)];
    const { version, validUntil } = edition;
    const named = `version ${version} of the trust policy`;
    if (now >= validUntil)
      return [problem(`${named} was good until ${validUntil}: nothing is governed`, NEXT)];
    const unwitnessed = whyUnwitnessed(policy);
    if (unwitnessed !== null) return [problem(`${named} ${unwitnessed}`, NEXT)];
    const isSoon = later(now, WARNED) >= validUntil;
    return [
      isSoon ? warning(`${named} ends at ${validUntil}`, NEXT) : ok(`${named} is good until ${validUntil}`),
    ];
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    const fix =
      'put back what lay there, or issue the next version; running processes believe what they believed before';
    return [problem(error.message, fix)];
  }
}

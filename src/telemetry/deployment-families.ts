import { type Digest, GOVERNANCE_STATUSES, hexOf, type MetricsSnapshot } from '../domain/index.ts';
import { distinct, type Family, gauge, given, inParts, MODEL, nameOf, type Sample } from './family.ts';
import { MOST_ARTIFACTS, MOST_DEPLOYMENTS, MOST_ENVIRONMENTS, TOGETHER, upTo } from './most.ts';

const DEPLOYMENT = ['deployment', 'environment', ...MODEL] as const;

/** A deployment that is wrong for ever, and exists nowhere: the alert about it proves that such alerts arrive. */
const CANARY = { environment: 'canary', model_id: 'canary', model_version: '0', canary: '1' };
const WRONG = '0'.repeat(64);
const RIGHT = 'f'.repeat(64);

/** Families with one series per deployment, and whole digests. */
export const DEPLOYMENT_FAMILIES: readonly Family[] = [
  {
    ...gauge(
      'governance_status',
      `1 for each deployment, with its governance status and how its bytes are known; of ${upTo(MOST_DEPLOYMENTS)} at most, the worst.`,
      'boolean',
    ),
    labels: [...DEPLOYMENT, 'governance_status', 'confidence'],
    most: MOST_DEPLOYMENTS,
    ...inParts(deploymentsOf, (one) => {
      const { status, confidence } = one;
      return given({ ...labelsOf(one), governance_status: status, confidence }, 1);
    }),
  },
  {
    ...gauge(
      'governance_deployments',
      `Number of deployments, all of them; those of the smallest environments beyond ${MOST_ENVIRONMENTS} together, as "${TOGETHER}".`,
      'count',
    ),
    labels: ['environment', 'governance_status'],
    most: (MOST_ENVIRONMENTS + 1) * GOVERNANCE_STATUSES.length,
    samples: ({ deploymentCounts }) =>
      deploymentCounts.map(({ environment, status, count }) => ({
        labels: { environment, governance_status: status },
        value: count,
      })),
  },
  {
    ...gauge(
      'model_deployed_info',
      '1 for each deployment whose bytes are known, with their whole SHA-256. canary="1" marks one that is wrong on purpose.',
      'boolean',
    ),
    labels: [...DEPLOYMENT, 'sha256', 'canary'],
    most: MOST_DEPLOYMENTS + 1,
    ...inParts(
      deploymentsOf,
      (one) => withDigest(labelsOf(one), one.digest),
      given({ deployment: 'canary', ...CANARY, sha256: WRONG }, 1),
    ),
  },
  {
    ...gauge(
      'governance_model_info',
      '1 for each governed artifact that is deployed or should be, with its whole SHA-256.',
      'boolean',
    ),
    labels: ['environment', ...MODEL, 'sha256', 'canary'],
    most: MOST_ARTIFACTS + 1,
    samples: ({ governed }) => [
      { labels: { ...CANARY, sha256: RIGHT }, value: 1 },
      ...distinct(
        governed.map(({ environment, digest, ...name }) => ({
          environment,
          ...nameOf(name),
          sha256: hexOf(digest),
        })),
      ),
    ],
  },
];

function deploymentsOf({ deployments }: MetricsSnapshot): MetricsSnapshot['deployments'] {
  return deployments;
}

function labelsOf({ deployment, environment, ...name }: MetricsSnapshot['deployments'][number]) {
  return { deployment, environment, ...nameOf(name) };
}

function withDigest(labels: Sample['labels'], digest: Digest | null): readonly Sample[] {
  return digest === null ? [] : given({ ...labels, sha256: hexOf(digest) }, 1);
}

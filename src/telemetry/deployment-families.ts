import { type Digest, hexOf, type MetricsSnapshot } from '../domain/index.ts';
import {
  counted,
  distinct,
  type Family,
  gauge,
  given,
  inParts,
  MODEL,
  nameOf,
  type Sample,
} from './family.ts';

/**
 * Deployments beyond this many have no series of their own, so that no registry full of names fills Prometheus. The worst
 * come first, and each is counted whether it has series or not.
 */
export const MOST_DEPLOYMENTS = 20_000;

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
      `1 for each deployment, with its governance status and how its bytes are known; the worst ${MOST_DEPLOYMENTS.toLocaleString('en')} of them.`,
      'boolean',
    ),
    labels: [...DEPLOYMENT, 'governance_status', 'confidence'],
    ...inParts(shown, (one) => {
      const { status, confidence } = one;
      return given({ ...labelsOf(one), governance_status: status, confidence }, 1);
    }),
  },
  {
    ...gauge('governance_deployments', 'Number of deployments, all of them.', 'count'),
    labels: ['environment', 'governance_status'],
    samples: ({ deployments }) =>
      counted(deployments.map(({ environment, status }) => ({ environment, governance_status: status }))),
  },
  {
    ...gauge('governance_deployments_omitted', 'Deployments without series of their own.', 'count'),
    labels: [],
    samples: ({ deployments }) => [{ labels: {}, value: Math.max(0, deployments.length - MOST_DEPLOYMENTS) }],
  },
  {
    ...gauge(
      'model_deployed_info',
      '1 for each deployment whose bytes are known, with their whole SHA-256. canary="1" marks one that is wrong on purpose.',
      'boolean',
    ),
    labels: [...DEPLOYMENT, 'sha256', 'canary'],
    ...inParts(
      shown,
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

function shown({ deployments }: MetricsSnapshot): MetricsSnapshot['deployments'] {
  return deployments.slice(0, MOST_DEPLOYMENTS);
}

function labelsOf({ deployment, environment, ...name }: MetricsSnapshot['deployments'][number]) {
  return { deployment, environment, ...nameOf(name) };
}

function withDigest(labels: Sample['labels'], digest: Digest | null): readonly Sample[] {
  return digest === null ? [] : given({ ...labels, sha256: hexOf(digest) }, 1);
}

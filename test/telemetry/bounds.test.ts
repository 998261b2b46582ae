import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  digestOf,
  type GovernanceStatus,
  type MetricsSnapshot,
  type ModelMetrics,
} from '../../src/domain/index.ts';
import { FAMILIES, MOST_SERIES } from '../../src/telemetry/families.ts';
import { createMetrics } from '../../src/telemetry/index.ts';
import {
  LONGEST_LABEL,
  MOST_APPROVALS,
  MOST_ARTIFACTS,
  MOST_DEPLOYMENTS,
  MOST_ENVIRONMENTS,
  MOST_FINDINGS,
  MOST_MODEL_VERSIONS,
  MOST_STAGES,
} from '../../src/telemetry/most.ts';
import { seriesOf } from './series.ts';
import { AT, model, snapshot } from './snapshot.ts';

const MANY = 100_000;
const STAGES = Array.from({ length: 64 }, (_, n) => `stage_${n}`);
const BYTES = digestOf('some bytes');

/** A name that somebody reports, of which nothing is known. */
function stranger(n: number, change: Partial<ModelMetrics> = {}): ModelMetrics {
  return model({
    ...{ modelId: `a-${n}`, modelVersion: '1', status: 'ungoverned', recordExists: false },
    ...{ governedHash: null, approvalTimestamp: null, validUntil: null },
    ...{ requiredStages: STAGES.length, completedStages: 0, missingStages: STAGES.slice(0, 6) },
    ...change,
  });
}

function many<One>(count: number, make: (n: number) => One): One[] {
  return Array.from({ length: count }, (_, n) => make(n));
}

function served({ modelId, modelVersion, status }: ModelMetrics, environment = 'production') {
  const deployment = `list/${environment}/${modelId}`;
  return {
    deployment,
    environment,
    modelId,
    modelVersion,
    status,
    confidence: 'verified',
    digest: BYTES,
  } as const;
}

function found({ modelId, modelVersion }: Pick<ModelMetrics, 'modelId' | 'modelVersion'>) {
  const kinds = { kind: 'missing_record', severity: 'critical' } as const;
  return { ...kinds, modelId, modelVersion, environment: 'production', count: 1 };
}

/** Everything about some model versions: each is deployed, and something is found of each. */
function about(models: readonly ModelMetrics[]): MetricsSnapshot {
  return snapshot({
    models,
    deployments: models.map((one) => served(one)),
    governed: models.map((one) => ({ ...served(one), digest: BYTES })),
    findings: models.map(found),
  });
}

async function linesOf(state: MetricsSnapshot): Promise<string[]> {
  const metrics = createMetrics();
  metrics.show(state);
  return (await metrics.render()).body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** Model versions with a series in a family. */
function namesIn(lines: readonly string[], family = 'model_serving_active'): Set<string> {
  const ofFamily = lines.filter((line) => line.startsWith(`${family}{`) && !line.includes('canary="1"'));
  return new Set(ofFamily.map((line) => /model_id="([^"]*)"/.exec(line)?.[1] ?? ''));
}

function numberOf(lines: readonly string[], series: string): number | undefined {
  return seriesOf(lines.filter((line) => line.startsWith(series)).join('\n'))[series];
}

function sumOf(lines: readonly string[], family: string): number {
  const ofFamily = lines.filter((line) => line.startsWith(`${family}{`));
  return ofFamily.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** What the one has and the other has not. */
function beyond<One>(one: ReadonlySet<One>, other: ReadonlySet<One>): One[] {
  return [...one].filter((each) => !other.has(each));
}

/** In an order that has nothing to do with that of the names. */
function shuffled<One>(all: readonly One[]): One[] {
  return all.map((_, n) => all[(n * 7919 + 13) % all.length] as One);
}

describe('a hundred thousand of everything', () => {
  it('has no more series than each family says, and all together fewer than Prometheus takes', async () => {
    const models = many(MANY, (n) =>
      stranger(n, { missingStages: STAGES, governedHash: n, approvalTimestamp: AT }),
    );
    const lines = await linesOf({
      ...about(models),
      deployments: models.map((one, n) => served(one, `environment-${n % 5000}`)),
      governed: many(MANY, (n) => ({ ...served(stranger(n % 50)), digest: digestOf(`${n}`) })),
      findings: models.flatMap((one) => [found(one), found({ ...one, modelId: `gone-${one.modelId}` })]),
      approvals: models.map((one, n) => ({ ...one, status: 'pending', askedAt: AT - n })),
    });
    const byFamily = Map.groupBy(lines, (line) => line.split(/[{ ]/, 1)[0]);
    for (const { name, most } of FAMILIES)
      expect(byFamily.get(name)?.length ?? 0, name).toBeLessThanOrEqual(most ?? 0);
    expect(lines.length).toBeLessThanOrEqual(MOST_SERIES + 100);
    // The bounds are reached, or what is checked here would be nothing.
    expect(lines.length).toBeGreaterThan(MOST_MODEL_VERSIONS * (8 + MOST_STAGES) + MOST_FINDINGS);
  });

  it('stays far below the limit beyond which Prometheus would throw away the whole scrape', async () => {
    const file = new URL('../../deploy/prometheus/prometheus.yml', import.meta.url);
    const { scrape_configs } = parse(await readFile(file, 'utf8'));
    expect(MOST_SERIES * 1.25).toBeLessThan(scrape_configs[0].sample_limit);
  });

  it('leaves nothing uncounted', async () => {
    const lines = await linesOf({
      ...about(many(MANY, stranger)),
      deployments: many(MANY, (n) => served(stranger(n), `environment-${n % 5000}`)),
      governed: [],
    });
    expect(sumOf(lines, 'governance_deployments')).toBe(MANY);
    expect(sumOf(lines, 'governance_finding_firing')).toBe(MANY);
    const rest = MANY - MOST_MODEL_VERSIONS;
    expect(lines).toEqual(
      expect.arrayContaining([
        `governance_model_versions_omitted ${rest}`,
        `governance_deployments_omitted ${rest}`,
        'governance_artifacts_omitted 0',
        `governance_findings_omitted ${rest}`,
        'governance_approvals_omitted 0',
        `governance_finding_firing{kind="missing_record",severity="critical",model_id="*",model_version="*",environment="*"} ${rest}`,
      ]),
    );
  });
});

describe('which model versions have series', () => {
  const WORST: readonly [string, Partial<ModelMetrics>][] = [
    ['z-swapped', { recordExists: true, governedHash: 1, deployedHash: 2 }],
    ['z-unread', { recordExists: true, governedHash: 1, deployedHash: null }],
    ['z-revoked', { status: 'revoked' }],
    ['z-rejected', { status: 'rejected' }],
    ['z-failed', { status: 'failed' }],
  ];

  it('are those that somebody submitted and that are wrong, however many names are reported', async () => {
    const worst = WORST.map(([modelId, change]) => stranger(0, { ...change, modelId }));
    const lines = await linesOf(about([...many(MOST_MODEL_VERSIONS + 2000, stranger), ...worst]));
    const families = FAMILIES.filter(({ name }) => namesIn(lines, name).size > 10).map(({ name }) => name);
    expect(families).toEqual(
      expect.arrayContaining(['governance_status', 'model_deployed_info', 'governance_model_info']),
    );
    for (const { modelId } of worst)
      for (const family of [
        'model_serving_active',
        'governance_status',
        'model_deployed_info',
        'governance_finding_firing',
      ])
        expect(namesIn(lines, family), family).toContain(modelId);
    expect(namesIn(lines).size).toBe(MOST_MODEL_VERSIONS);
  });

  it('are the wrong before the right, and what serves before what does not', async () => {
    const right = many(MOST_MODEL_VERSIONS, (n) => model({ modelId: `a-${n}` }));
    const others: readonly [string, boolean, GovernanceStatus][] = [
      ['z-idle', false, 'governed'],
      ['z-serving', true, 'governed'],
      ['z-expired', true, 'expired'],
      ['z-expired-idle', false, 'expired'],
      ['z-stranger', true, 'ungoverned'],
    ];
    const extra = others.map(([modelId, serving, status]) => model({ modelId, serving, status }));
    const shown = namesIn(await linesOf(snapshot({ models: [...right, ...extra] })));
    expect(extra.map(({ modelId }) => modelId).filter((one) => !shown.has(one))).toEqual([
      'z-idle',
      'z-serving',
    ]);
    const idle = right.map((one) => ({ ...one, serving: false }));
    const served = namesIn(await linesOf(snapshot({ models: [...idle, ...extra] })));
    expect(extra.map(({ modelId }) => modelId).filter((one) => !served.has(one))).toEqual(['z-idle']);
  });

  it('has all series that the rules join, or none', async () => {
    const models = many(MOST_MODEL_VERSIONS + 500, (n) => model({ modelId: `a-${n}` }));
    const lines = await linesOf(about(models));
    const names = namesIn(lines);
    expect(names.size).toBe(MOST_MODEL_VERSIONS);
    for (const { name, labels } of FAMILIES.filter(({ labels: [first] }) => first === 'model_id'))
      if (!labels.includes('stage') && !labels.includes('status'))
        expect(namesIn(lines, name), name).toEqual(names);
    for (const name of ['governance_status', 'model_deployed_info', 'governance_model_info'])
      expect(namesIn(lines, name), name).toEqual(names);
  });

  it('are the same in whatever order they come', async () => {
    const models = [...many(8000, stranger), ...many(4000, (n) => model({ modelId: `b-${n}` }))];
    const state = {
      ...about(models),
      approvals: models.map((one) => ({ ...one, status: 'pending', askedAt: AT })),
    };
    const { deployments, governed, findings, approvals } = state;
    const again = {
      ...{ ...state, models: shuffled(models), deployments: shuffled(deployments) },
      ...{ governed: shuffled(governed), findings: shuffled(findings), approvals: shuffled(approvals) },
    };
    expect(again.models[0]).not.toEqual(models[0]);
    const [lines, others] = [new Set(await linesOf(state)), new Set(await linesOf(again))];
    expect([...beyond(lines, others), ...beyond(others, lines)].slice(0, 3)).toEqual([]);
  });

  it('change by one where one comes or goes, and not at all where nothing does', async () => {
    const metrics = createMetrics();
    const names = async (models: readonly ModelMetrics[]) => {
      metrics.show(snapshot({ models }));
      return namesIn((await metrics.render()).body.split('\n'));
    };
    const models = shuffled(many(11_000, stranger));
    const before = await names(models);
    expect(await names(models.map((one) => ({ ...one, completedStages: 1 })))).toEqual(before);
    const added = await names([...models, stranger(0, { modelId: 'a-00' })]);
    expect(beyond(added, before)).toEqual(['a-00']);
    expect(beyond(before, added)).toHaveLength(1);
    const [one] = models;
    const better = await names(
      models.map((each) => (each === one ? model({ modelId: each.modelId }) : each)),
    );
    expect(beyond(before, better).length).toBeLessThanOrEqual(1);
    expect(await names(models)).toEqual(before);
  });
});

it('of too many deployments the wrong ones have series, first those of the worst model version', async () => {
  const flood = stranger(0);
  const swapped = stranger(0, { modelId: 'z-swapped', recordExists: true, governedHash: 1 });
  const deployments = [
    ...many(MOST_DEPLOYMENTS, (n) => ({ ...served(flood), deployment: `a-${n}` })),
    { ...served(swapped, 'eu'), status: 'governed' as const },
    served(swapped, 'us'),
  ];
  const lines = await linesOf(snapshot({ models: [flood, swapped], deployments }));
  const shown = lines.filter((line) => line.startsWith('governance_status{'));
  expect(shown).toHaveLength(MOST_DEPLOYMENTS);
  expect(shown.filter((line) => line.includes('z-swapped'))).toEqual([
    expect.stringContaining('list/us/z-swapped'),
  ]);
  expect(lines).toContain('governance_deployments_omitted 2');
});

it('of too many governed artifacts all of a name have a series or none, lest the others be taken for wrong', async () => {
  const half = MOST_ARTIFACTS / 2;
  const ofName = (modelId: string, count: number) =>
    many(count, (n) => ({ ...served(stranger(0, { modelId })), digest: digestOf(`${modelId} ${n}`) }));
  const governed = [...ofName('a', half), ...ofName('b', half + 1), ...ofName('c', 5)];
  const models = ['a', 'b', 'c'].map((modelId) => model({ modelId }));
  const lines = await linesOf(snapshot({ models, governed }));
  const ofModel = (modelId: string) =>
    lines.filter(
      (line) => line.startsWith('governance_model_info{') && line.includes(`model_id="${modelId}"`),
    ).length;
  expect(['a', 'b', 'c'].map(ofModel)).toEqual([half, 0, 5]);
  expect(lines).toContain(`governance_artifacts_omitted ${half + 1}`);
});

describe('of too many findings', () => {
  const about = (modelId: string) => found({ modelId, modelVersion: '1' });
  it('the critical ones have series, and those about no model version; the others are counted by kind', async () => {
    const none = { modelId: '*', modelVersion: '*', environment: '*' };
    const lines = await linesOf(
      snapshot({
        findings: [
          ...many(MOST_FINDINGS, (n) => ({ ...about(`a-${n}`), severity: 'warning' as const })),
          about('z'),
          { ...about('z'), ...none, kind: 'source_stale', severity: 'warning', count: 3 },
          { ...about('z'), ...none, kind: 'missing_record', severity: 'warning', count: 4 },
        ],
      }),
    );
    expect(namesIn(lines, 'governance_finding_firing')).toContain('z');
    const together = lines.filter((line) => line.includes('model_id="*"'));
    expect(together.map((line) => line.replace(/,model_id.*\}/, '}'))).toEqual([
      'governance_finding_firing{kind="source_stale",severity="warning"} 3',
      'governance_finding_firing{kind="missing_record",severity="warning"} 7',
    ]);
    expect(sumOf(lines, 'governance_finding_firing')).toBe(MOST_FINDINGS + 8);
    expect(lines).toContain('governance_findings_omitted 3');
  });
});

it('of too many approval requests the oldest have series', async () => {
  const approvals = many(MOST_APPROVALS + 10, (n) => ({
    ...stranger(n),
    status: 'pending',
    askedAt: AT - n,
  }));
  const lines = await linesOf(snapshot({ approvals }));
  const shown = namesIn(lines, 'governance_approval_status');
  expect([...many(11, (n) => `a-${n}`)].filter((one) => shown.has(one))).toEqual(['a-10']);
  expect(numberOf(lines, 'governance_approval_oldest_wait_seconds')).toBe(MOST_APPROVALS + 9);
  expect(lines).toContain('governance_approvals_omitted 10');
});

it('of too many environments the largest are counted apart, and one that is called like the rest with the rest', async () => {
  const deployments = [
    ...many(MOST_ENVIRONMENTS + 3, (n) => ({ ...served(stranger(n), `environment-${n}`) })),
    ...many(2, (n) => ({ ...served(stranger(n), 'z-production'), deployment: `${n}` })),
    ...many(3, (n) => ({ ...served(stranger(n), '*'), deployment: `*${n}` })),
  ];
  const lines = await linesOf(snapshot({ deployments }));
  const ofEnvironment = (environment: string) =>
    numberOf(lines, `governance_deployments{environment="${environment}",governance_status="ungoverned"}`);
  expect([ofEnvironment('z-production'), ofEnvironment('*')]).toEqual([2, 8]);
  expect(sumOf(lines, 'governance_deployments')).toBe(deployments.length);
});

it('names so many missing stages of a model version, and counts all', async () => {
  const lines = await linesOf(snapshot({ models: [stranger(0, { missingStages: STAGES })] }));
  expect(lines.filter((line) => line.startsWith('governance_stage_missing{'))).toHaveLength(MOST_STAGES);
  expect(numberOf(lines, 'governance_required_stages_total{model_id="a-0",model_version="1"}')).toBe(
    STAGES.length,
  );
});

it('cuts a text that is too long for a label, and tells it from others that begin so', async () => {
  const long = (end: string) => ({ ...served(stranger(0)), deployment: `${'x'.repeat(5000)}${end}` });
  const whole = { ...served(stranger(0)), deployment: 'y'.repeat(LONGEST_LABEL) };
  const lines = await linesOf(snapshot({ deployments: [long('1'), long('2'), whole] }));
  const labels = lines.flatMap((line) => /^governance_status\{deployment="([^"]*)"/.exec(line)?.[1] ?? []);
  expect(new Set(labels).size).toBe(3);
  expect(labels).toContain(whole.deployment);
  expect(labels.map(({ length }) => length)).toEqual([LONGEST_LABEL, LONGEST_LABEL, LONGEST_LABEL]);
});

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { z } from 'zod';
import { type Check, defineCheck } from '../../../src/checks/contract.ts';
import { report } from '../../../src/checks/report.ts';

/** Checks that do what no check may. Test-only: they are in no registry. */
const BEHAVIOURS: Readonly<Record<string, (parameters: Record<string, unknown>) => unknown>> = {
  passes: () => report('passed', 'fine'),
  loops: () => {
    for (;;);
  },
  waits: () => new Promise(() => setInterval(() => undefined, 1000)),
  fills_heap: () => {
    const kept: unknown[] = [];
    for (;;) kept.push({ numbers: new Array(100).fill(1.5) });
  },
  fills_buffers: () => {
    const kept: Buffer[] = [];
    for (;;) kept.push(Buffer.alloc(16_000_000, 1));
  },
  aborts: () => process.abort(),
  exits: () => process.exit(0),
  exits_badly: () => process.exit(7),
  throws: () => {
    throw new Error('no such luck');
  },
  throws_at_length: () => {
    throw new Error(`${'x'.repeat(198)}${'😀'.repeat(10)}`);
  },
  naps: async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const measurements = [
      { name: 'from', value: performance.timeOrigin, unit: 'ms' },
      { name: 'to', value: performance.timeOrigin + performance.now(), unit: 'ms' },
    ];
    return report('passed', 'rested', { measurements });
  },
  forks: () => spawn('/bin/sleep', ['1000'], { detached: true }).pid,
  answers_nonsense: () => ({ outcome: 'splendid' }),
  answers_infinity: () =>
    report('passed', 'x', { measurements: [{ name: 'x', value: Infinity, unit: '1' }] }),
  answers_twice: () => {
    writeSync(3, '{"report":{"outcome":"passed","message":"","problems":[],"measurements":[],"details":{}}}');
    return report('failed', 'the real one');
  },
  answers_much: () => ({ ...report('passed', 'x'), details: { text: 'x'.repeat(20_000_000) } }),
  prints_much: () => {
    const line = 'noise '.repeat(10_000);
    for (let i = 0; i < 200; i++) writeSync(i % 2 ? 1 : 2, line);
    return report('passed', 'quiet');
  },
  shows_environment: () => report('passed', 'x', { details: { ...(process.env as Record<string, string>) } }),
  reads: ({ path }) => report('passed', readFileSync(String(path), 'utf8').slice(0, 20)),
  reads_artifact: ({ artifact }) => report('passed', readFileSync(String(artifact), 'utf8')),
  reads_artifact_unasked: ({ artifact }) => report('passed', readFileSync(String(artifact), 'utf8')),
  exits_for_artifact: () => process.exit(7),
  aborts_for_artifact: () => process.abort(),
  waits_for_artifact: () => new Promise(() => setInterval(() => undefined, 1000)),
  throws_for_artifact: () => {
    throw new Error('our own fault');
  },
  writes: ({ path }) => {
    writeFileSync(String(path), 'x');
    return report('passed', 'written');
  },
  connects: ({ port }) => connected(Number(port)),
  connects_openly: ({ port }) => connected(Number(port)),
};

function connected(port: number): Promise<unknown> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(report('passed', 'connected')));
    socket.once('error', (error) => resolve(report('failed', `not connected: ${error.message}`)));
  });
}

/** What some of them are allowed, or answer for. */
const FIELDS: Readonly<Record<string, Partial<Check>>> = {
  reads_artifact: { readsArtifact: true },
  exits_for_artifact: { onCrash: 'failed' },
  aborts_for_artifact: { onCrash: 'failed' },
  waits_for_artifact: { onCrash: 'failed' },
  throws_for_artifact: { onCrash: 'failed' },
  connects_openly: { needsNetwork: (parameters) => (parameters as { live?: boolean }).live === true },
};

/** All of them, for a catalogue. */
export const MISBEHAVING: readonly Check[] = Object.entries(BEHAVIOURS).map(([name, behave]) =>
  defineCheck({
    name,
    stage: 'tests',
    version: '9.9.9',
    proves: '',
    doesNotProve: '',
    evidence: [{ name: 'data', required: false, description: '' }],
    parameters: z.looseObject({}),
    ...FIELDS[name],
    run: async ({ parameters, artifact }) =>
      (await behave({ artifact: artifact.path, ...parameters })) as Awaited<ReturnType<Check['run']>>,
  }),
);

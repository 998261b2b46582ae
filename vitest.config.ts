import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.ts';

/** Files that watch their own process: its children, its memory, its signals, what its modules keep. */
const OWN_PROCESS = [
  'test/{artifact,bench,queue,storage,support,telemetry}/**/*.test.ts',
  'test/checks/{external,runner}/**/*.test.ts',
  'test/cli/tty.test.ts',
];

/** What holds in every project. */
const common = {
  // Real processes: files start and stop real servers.
  pool: 'forks',
  // Generous, because tests wait for events of real parts on a busy machine; a test that waits in vain still ends.
  testTimeout: 30_000,
  hookTimeout: 90_000,
  teardownTimeout: 30_000,
  restoreMocks: true,
  unstubEnvs: true,
} as const;

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    // Three more than the two cores that it is made for: many tests wait for a process, a database or a lock.
    maxWorkers: 5,
    sequence: { sequencer: LongFirst },
    projects: [
      { test: { ...common, name: 'own process', include: OWN_PROCESS } },
      // To load our code and its packages takes longer than most of these files: they follow each other in the same processes.
      {
        test: {
          ...common,
          name: 'shared process',
          include: ['test/**/*.test.ts'],
          exclude: OWN_PROCESS,
          isolate: false,
        },
      },
    ],
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // A process per test file: files start and stop real servers, and no state of one may reach another.
    pool: 'forks',
    // One more than the two cores that it is made for: many tests wait for a process or for a database.
    maxWorkers: 3,
    // Generous, because tests wait for events of real parts on a busy machine; a test that waits in vain still ends.
    testTimeout: 30_000,
    hookTimeout: 90_000,
    teardownTimeout: 30_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});

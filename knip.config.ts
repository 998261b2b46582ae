import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  // What package.json starts is found without being named. These are started by path, in a process of their own.
  entry: [
    'test/**/*.test.ts',
    'test/**/*-child.ts',
    'src/checks/runner/{child,warm}.ts',
    'src/checks/external/format-check.ts',
    'test/checks/runner/misbehaving-checks.ts',
    'src/artifact/hash-worker.ts',
    'bench/bias/child.ts',
    'bench/clicks/echo-child.ts',
    'scripts/make-offline-example.ts',
    'test/known/make-models.ts',
  ],
  project: ['src/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts'],
  // A folder's index names the types that its functions take and give, whether or not another file spells them out.
  rules: { types: 'off' },
  // Its JSON schemas are read as files.
  ignoreDependencies: ['@cyclonedx/cyclonedx-library'],
  // Debian's, see test/support/parts.ts.
  ignoreBinaries: ['mkfifo', 'openssl', 'sha256sum'],
};

export default config;

/** Imports all that a check's process may import: to try a sandbox, and to have Node keep it compiled. Runs no check. */
const modules = [
  import('../registry.ts'),
  import('../predictions/recompute.ts'),
  import('./protocol.ts'),
  import('ajv'),
  import('ajv-formats'),
];

await Promise.all(modules);

/** Imports all that a check's process may import, so that Node keeps it compiled. Reads no evidence, runs no check. */
const modules = [
  import('../registry.ts'),
  import('../predictions/recompute.ts'),
  import('./protocol.ts'),
  import('ajv'),
  import('ajv-formats'),
];

await Promise.all(modules);

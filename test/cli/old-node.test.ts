import { expect, it } from 'vitest';
import { oldNode } from '../../src/cli/old-node.ts';

it('tells whoever starts it with an old Node which one it needs and where one lies', () => {
  for (const version of ['20.20.2', '22.23.3', '8.0.0']) {
    expect(oldNode(version)).toContain(`this is ${version}`);
    expect(oldNode(version)).toContain('npx countersign');
  }
});

it('runs on the Node of these tests and on later ones', () => {
  expect(oldNode(process.versions.node)).toBeNull();
  expect(oldNode('30.1.0')).toBeNull();
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './planted-tree.ts';

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = <Shape>(name: string): Shape => JSON.parse(readFileSync(join(ROOT, name), 'utf8')) as Shape;
const manifest = read<Record<'dependencies' | 'devDependencies', Record<string, string>>>('package.json');
const { packages } = read<{ packages: Readonly<Record<string, LockedPackage>> }>('package-lock.json');

describe('package.json', () => {
  it('names exact versions', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });
});

describe('package-lock.json', () => {
  /** npm may leave out the optional packages of platforms other than its own, and `npm ci` then refuses the file. */
  it('has the optional packages of every platform', () => {
    const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${place}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('gives every package a version', () => {
    const unversioned = Object.entries(packages).filter(
      ([place, { version }]) => place !== '' && version === undefined,
    );
    expect(unversioned).toEqual([]);
  });

  it('names no registry, so that any mirror serves', () => {
    expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
  });
});

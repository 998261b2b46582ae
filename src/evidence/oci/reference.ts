import { CountersignError } from '../../domain/index.ts';

/** A repository of a registry. */
export interface Repository {
  /** Host and, where it is not the usual one, port. */
  readonly registry: string;
  readonly name: string;
}

const REPOSITORY = /^oci:\/\/([a-zA-Z0-9.-]+(?::\d{1,5})?)\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)$/;

/** Reads `oci://registry/repository`. @throws CountersignError `invalid_input` */
export function parseRepository(uri: string): Repository {
  const [, registry, name] = REPOSITORY.exec(uri) ?? [];
  if (registry !== undefined && name !== undefined && name.length <= 255) return { registry, name };
  throw new CountersignError('invalid_input', `${JSON.stringify(uri)} is no oci://registry/repository`);
}

/** Base URL of a registry that references name; Docker's is elsewhere than they say. */
export function registryUrl(registry: string, plainHttp: boolean): string {
  return `${plainHttp ? 'http' : 'https'}://${registry === 'docker.io' ? 'registry-1.docker.io' : registry}`;
}

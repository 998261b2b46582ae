import type { Artifact, ModelName, PublishedFile } from '../../domain/index.ts';

/** What evidence is about: its artifact, and the name under which that was governed. */
export interface EvidenceSubject extends ModelName {
  readonly artifact: Artifact;
}

/** A file to publish, with its bytes. */
export interface EvidenceFile extends PublishedFile {
  readonly content: Uint8Array;
}

/**
 * Somewhere that evidence is published next to the artifact. All of it is idempotent, and none of it lists or removes
 * what is not named.
 */
export interface EvidencePlace {
  /** Its name in the configuration. */
  readonly name: string;
  /**
   * Puts a file.
   * @param before what was published under the same name; it is to be found no longer
   * @returns false where the place keeps that all the same
   * @throws CountersignError `unavailable`, `forbidden`
   */
  put(subject: EvidenceSubject, file: EvidenceFile, before: PublishedFile | null): Promise<boolean>;
  /**
   * What stands under a file's name; of more bytes than the file has, the first only, since it differs by then. Null
   * where there is nothing.
   * @throws CountersignError `unavailable`, `forbidden`
   */
  read(subject: EvidenceSubject, file: PublishedFile): Promise<Uint8Array | null>;
  /** Takes away a file that is no longer published; false where the place keeps it all the same. */
  remove(subject: EvidenceSubject, file: PublishedFile): Promise<boolean>;
  /** Looks whether it can be read, and changes nothing; what that shows. @throws CountersignError `unavailable`, `forbidden` */
  probe(): Promise<string>;
}

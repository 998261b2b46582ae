import { Digest, type Observation } from '../../domain/index.ts';
import { quoted, seenName } from '../names.ts';
import type { Pod, Workload } from './objects.ts';

/** One model that a workload serves; a workload with several serves several parts. */
export interface Part {
  /** Empty for the first, `-1` for the second, and so on: the end of the keys of its annotations. */
  readonly end: string;
  /** Where it comes from; null where nobody says. */
  readonly uri: string | null;
  /** The id that the kubelet gives of the image that holds it; null where it is in no image. */
  readonly imageId: string | null;
}

type Seen = Pick<Observation, 'modelId' | 'modelVersion' | 'digest' | 'confidence' | 'how'>;
type Annotations = Pod['annotations'];

const PREFIX = 'countersign.dev/';
const MODELCAR = /^modelcar(-\d{1,3})?$/;
const PINNED = /@(sha256:[0-9a-f]{64})$/;
const CONFIGURATION = /^(docker:\/\/)?sha256:[0-9a-f]{64}$/;
const TAGGED = /^oci:\/\/[^@]*\/[^@/]*:([A-Za-z0-9_][A-Za-z0-9._-]{0,127})(?:@.*)?$/;

/** What a pod serves: models in images first, then others in their order. */
export function partsOfPod({ containers, annotations }: Pod, uris: readonly string[]): Part[] {
  const own = annotations[`${PREFIX}container`];
  const cars = containers
    .filter(({ name }) => (own === undefined ? MODELCAR.test(name) : name === own))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const images = uris.filter((uri) => uri.startsWith('oci://'));
  const others = uris.filter((uri) => !uri.startsWith('oci://'));
  return numbered([
    ...cars.map(({ imageID, image }, index) => ({
      uri: images[index] ?? `oci://${image}`,
      imageId: imageID,
    })),
    ...(cars.length > 0 ? others : uris).map((uri) => ({ uri, imageId: null })),
  ]);
}

/** What a specification says of which no pod serves. */
export function partsOfSpecification(uris: readonly string[]): Part[] {
  return numbered(uris.map((uri) => ({ uri, imageId: null })));
}

function numbered(parts: readonly Omit<Part, 'end'>[]): Part[] {
  const some = parts.length > 0 ? parts : [{ uri: null, imageId: null }];
  return some.map((part, index) => ({ ...part, end: index === 0 ? '' : `-${index}` }));
}

/**
 * The model of a part, and its digest with how that is known: what the kubelet pulled, else what is written beside it. An
 * annotation is the word of whoever may write one, and never outdoes the kubelet.
 */
export function readPart(part: Part, annotations: Annotations, workload: Workload): Seen {
  const { end, uri, imageId } = part;
  const version = annotations[`${PREFIX}version${end}`] ?? TAGGED.exec(uri ?? '')?.[1];
  const { note, ...name } = seenName(
    annotations[`${PREFIX}model${end}`] ?? `${workload.name}${end}`,
    version,
  );
  const { how, ...known } = digestOfPart(uri, imageId, annotations[`${PREFIX}digest${end}`]);
  return { ...name, ...known, how: `${how}${note}` };
}

function digestOfPart(
  uri: string | null,
  imageId: string | null,
  written: string | undefined,
): Pick<Observation, 'digest' | 'confidence' | 'how'> {
  const pulled = imageId === null ? null : digestOfImage(imageId);
  if (pulled !== null)
    return { digest: pulled, confidence: 'verified', how: 'the kubelet says which image it pulled' };
  const source =
    uri === null ? 'nothing says where its model comes from' : `its model comes from ${quoted(uri)}`;
  if (imageId !== null)
    return {
      digest: null,
      confidence: 'unknown',
      how: `${source}, and the kubelet names ${namedOnly(imageId)}`,
    };
  const declared = Digest.safeParse(written ?? PINNED.exec(uri ?? '')?.[1]);
  if (declared.success)
    return {
      digest: declared.data,
      confidence: 'declared',
      how:
        written === undefined
          ? `pinned in ${quoted(uri ?? '')}`
          : `written in the annotation ${PREFIX}digest`,
    };
  const why = written === undefined ? 'with no digest' : `and the annotation ${PREFIX}digest is none`;
  return { digest: null, confidence: 'unknown', how: `${source}, ${why}` };
}

/** An image that came by no registry, such as one that was imported, has no manifest that the kubelet knows. */
function namedOnly(imageId: string): string {
  return CONFIGURATION.test(imageId)
    ? `${quoted(imageId)}, the configuration of its image, which is not the digest of its manifest`
    : 'no digest of its image';
}

/** Reads `docker-pullable://repo@sha256:…` and `repo@sha256:…`; anything else tells nothing of the manifest. */
function digestOfImage(imageId: string): Digest | null {
  const found = PINNED.exec(imageId)?.[1];
  return found === undefined ? null : Digest.parse(found);
}

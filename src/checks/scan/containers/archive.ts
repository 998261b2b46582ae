import type { CheckProblem } from '../../../domain/index.ts';
import { type Findings, fault } from '../finding.ts';
import type { ArtifactFormat } from '../formats.ts';
import { scanKerasConfig } from '../keras.ts';
import { scanNpy } from '../numpy.ts';
import { pickleProblems } from '../pickle/judge.ts';
import { actsAsPickle, beginsAsPickle } from '../pickle/scan.ts';
import { walkPickle } from '../pickle/walk.ts';
import type { ScanPolicy } from '../policy.ts';
import type { ByteSource, FileSource } from '../source.ts';
import { entryPlace, readZip, type ZipEntry } from './zip.ts';

const PICKLE_NAME = /\.(?:pkl|pickle|p|joblib|dill)$/i;
const TORCH_PICKLE = /^([^/]+)\/data\.pkl$/;
/** What torch.save writes beside data.pkl, below the archive's one folder. */
const TORCH_OTHERS =
  /^(?:data\/\d+|version|byteorder|\.data\/serialization_id|\.format_version|\.storage_alignment)$/;
const TORCHSCRIPT = /^[^/]+\/(?:code\/|constants\.pkl$)/;
const KERAS = ['metadata.json', 'config.json', 'model.weights.h5'];

/** What a zip file turned out to be, and what speaks against it. */
export interface ArchiveFindings extends Findings {
  readonly format: ArtifactFormat;
}

/** Looks into a zip file: tells what it is by its entries, and scans every pickle that is in it, whatever its name. */
export async function scanArchive(source: FileSource, policy: ScanPolicy): Promise<ArchiveFindings> {
  const { entries, problems } = await readZip(source);
  const format = formatOf(entries.map(({ name }) => name));
  const looks = entries
    .filter(({ name }) => !name.endsWith('/'))
    .map((entry) => lookAt(entry, format, policy));
  return {
    format,
    problems: [
      ...problems,
      ...looks.flatMap((look) => look.problems),
      ...(format === 'pytorch' ? torchProblems(entries) : []),
    ],
    globals: [...new Set(looks.flatMap(({ globals }) => globals ?? []))],
    details: { entries: entries.length },
  };
}

function formatOf(names: readonly string[]): ArtifactFormat {
  if (names.includes('MAR-INF/MANIFEST.json')) return 'torchserve';
  if (names.some((name) => TORCHSCRIPT.test(name))) return 'torchscript';
  if (names.some((name) => TORCH_PICKLE.test(name))) return 'pytorch';
  if (KERAS.every((name) => names.includes(name))) return 'keras';
  return names.length > 0 && names.every((name) => name.endsWith('.npy')) ? 'numpy' : 'zip';
}

function lookAt(entry: ZipEntry, format: ArtifactFormat, policy: ScanPolicy): Findings {
  const place = entryPlace(entry.name);
  const bytes = entry.open();
  if (typeof bytes === 'string') return { problems: [fault(place, bytes)] };
  if (format === 'numpy') return scanNpy(bytes, policy.allowedGlobals, place);
  if (format === 'keras' && entry.name === 'config.json')
    return scanKerasConfig(bytes, policy.allowedGlobals, place);
  return isPickle(entry.name, bytes) ? lookAtPickle(bytes, format, policy, place) : { problems: [] };
}

/** Tensors may begin like a pickle by chance; what names a global does not do so by chance. */
function isPickle(name: string, bytes: ByteSource): boolean {
  if (PICKLE_NAME.test(name)) return true;
  if (!beginsAsPickle(bytes.read(0, 2))) return false;
  return actsAsPickle(bytes);
}

function lookAtPickle(
  bytes: ByteSource,
  format: ArtifactFormat,
  policy: ScanPolicy,
  place: string,
): Findings {
  const walk = walkPickle(bytes);
  const limits = { allowedGlobals: policy.allowedGlobals, persistentIds: format === 'pytorch' };
  const trailing =
    walk.broken === null && walk.end < bytes.size
      ? [fault(place, `${bytes.size - walk.end} bytes follow the end of its pickle`)]
      : [];
  return {
    problems: [...pickleProblems(walk, limits, place), ...trailing],
    globals: [...walk.globals.keys()],
  };
}

function torchProblems(entries: readonly ZipEntry[]): CheckProblem[] {
  const pickles = entries.filter(({ name }) => TORCH_PICKLE.test(name));
  const [folder = ''] = (pickles[0]?.name ?? '').split('/');
  const strangers = entries.filter(({ name }) => {
    const inside = name.startsWith(`${folder}/`) ? name.slice(folder.length + 1) : undefined;
    return (
      inside === undefined ||
      !(inside === '' || inside === 'data.pkl' || inside === 'data/' || TORCH_OTHERS.test(inside))
    );
  });
  return [
    ...(pickles.length > 1 ? [fault(undefined, `holds ${pickles.length} files data.pkl`)] : []),
    ...strangers.map(({ name }) => fault(entryPlace(name), 'is nothing that torch.save writes')),
  ];
}

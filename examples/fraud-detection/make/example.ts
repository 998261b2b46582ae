import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelCard } from './card.ts';
import { drawTransactions, type Transaction } from './data.ts';
import { writeDatasets } from './datasets.ts';
import { sha256Of } from './digest.ts';
import { writeDocuments } from './documents.ts';
import { writeEndpoint } from './endpoint.ts';
import { writeEvidenceList } from './evidence-list.ts';
import { documentValues, type Facts } from './facts.ts';
import { FEATURES } from './features.ts';
import { measure } from './metrics.ts';
import { writeModelContract } from './model-contract.ts';
import { encodeOnnx, type ModelLabels } from './onnx.ts';
import { DECLINE_FROM, writePredictions } from './predictions.ts';
import { randomFrom } from './random.ts';
import { testRobustness } from './robustness.ts';
import { scoreWith } from './score.ts';
import { signingKey, writeSignature } from './signature.ts';
import { train } from './train.ts';
import { MODEL_ID, VERSIONS, type Version } from './versions.ts';

const TRAINING_ROWS = 12_800;
const HELD_OUT_ROWS = 16_000;
const HELD_OUT_SEED = 7;
const NOISE_SEED = 31;

/** Makes every version of the example, each in a folder named by its version. Both are tested on the same held-out rows. */
export async function makeExample(folder: string): Promise<Facts[]> {
  const heldOut = drawTransactions(HELD_OUT_ROWS, randomFrom(HELD_OUT_SEED));
  const made: Facts[] = [];
  for (const version of VERSIONS)
    made.push(await makeVersion(join(folder, version.version), version, heldOut));
  writeFileSync(join(folder, 'model-signing.pub'), signingKey());
  return made;
}

async function makeVersion(
  folder: string,
  version: Version,
  heldOut: readonly Transaction[],
): Promise<Facts> {
  mkdirSync(folder, { recursive: true });
  const modelFile = join(folder, 'model.onnx');
  const predictionsFile = join(folder, 'eval-predictions.parquet');
  const training = version.label(drawTransactions(TRAINING_ROWS, randomFrom(version.trainingSeed)));
  const model = train(training);
  const file = encodeOnnx(model, labelsOf(version));
  writeFileSync(modelFile, file);
  writeSignature(folder, sha256Of(file));
  await writePredictions(predictionsFile, heldOut, await scoreWith(modelFile, heldOut));
  const facts: Facts = {
    version,
    digest: sha256Of(file),
    trainingRows: TRAINING_ROWS,
    metrics: await measure(predictionsFile),
    robustness: await testRobustness(modelFile, model, heldOut, randomFrom(NOISE_SEED)),
  };
  writeFileSync(join(folder, 'model-card.cdx.json'), `${JSON.stringify(modelCard(facts), null, 2)}\n`);
  writeDatasets(folder, facts, training, heldOut);
  writeDocuments(folder, documentValues(facts));
  writeEndpoint(folder, facts);
  writeModelContract(folder, version.version);
  writeEvidenceList(folder);
  return facts;
}

function labelsOf(version: Version): ModelLabels {
  return {
    name: MODEL_ID,
    description: `${MODEL_ID} ${version.version}: probability that an instalment purchase is fraud`,
    properties: {
      version: version.version,
      features: FEATURES.map((feature) => feature.name).join(','),
      classes: 'legitimate,fraud',
      decline_from: String(DECLINE_FROM),
    },
  };
}

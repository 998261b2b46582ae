import { considerations } from './card-considerations.ts';
import { cardMetrics } from './card-metrics.ts';
import { securityProperties } from './card-security.ts';
import { type Facts, overallOf } from './facts.ts';
import { FEATURES } from './features.ts';
import { MODEL_ID } from './versions.ts';

/** The `bom-ref` of the training data, and of the held-out data. */
export const TRAINING = 'dataset-training';
export const HELD_OUT = 'dataset-held-out-evaluation';
const PERSONAL = ['Purchase and payment history of natural persons, pseudonymised'];

/** The model card: a CycloneDX 1.6 bill of materials with the model, what it was trained on and what it was tested on. */
export function modelCard(facts: Facts) {
  const { version, serialNumber, date } = facts.version;
  const model = `${MODEL_ID}@${version}`;
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber,
    version: 1,
    metadata: { timestamp: `${date}T09:00:00Z` },
    components: [modelComponent(facts, model), trainingData(facts), heldOutData(facts)],
    dependencies: [{ ref: model, dependsOn: [TRAINING, HELD_OUT] }, { ref: TRAINING }, { ref: HELD_OUT }],
  };
}

function modelComponent(facts: Facts, bomRef: string) {
  return {
    type: 'machine-learning-model',
    'bom-ref': bomRef,
    publisher: 'Kestrel Pay (fictional)',
    name: MODEL_ID,
    version: facts.version.version,
    description: `Scores instalment purchases for fraud; the score also enters the customer's instalment limit. ${facts.version.change}`,
    hashes: [{ alg: 'SHA-256', content: facts.digest }],
    licenses: [{ license: { id: 'Apache-2.0' } }],
    modelCard: {
      modelParameters: modelParameters(),
      quantitativeAnalysis: { performanceMetrics: cardMetrics(facts.metrics) },
      considerations: considerations(facts),
      properties: [
        { name: 'countersign:evaluation:dataset', value: HELD_OUT },
        ...Object.entries(securityProperties(facts)).map(([name, value]) => ({
          name: `countersign:security:${name}`,
          value,
        })),
      ],
    },
  };
}

function modelParameters() {
  const names = FEATURES.map((feature) => feature.name).join(', ');
  return {
    approach: { type: 'supervised' },
    task: 'tabular binary classification',
    architectureFamily: 'logistic regression',
    modelArchitecture: 'ten inputs, clipped to their ranges, then Gemm and Softmax',
    datasets: [{ ref: TRAINING }, { ref: HELD_OUT }],
    inputs: [{ format: `features: float32[rows, ${FEATURES.length}] (${names})` }],
    outputs: [{ format: 'probabilities: float32[rows, 2] (legitimate, fraud)' }],
  };
}

/** What the model was trained on, as a component of the card. */
export function trainingData({ version, trainingRows }: Facts) {
  const description = `${trainingRows} instalment purchases, one in four fraudulent by design of the sample. ${version.trainingData} The example's purchases are synthetic, drawn with seed ${version.trainingSeed}.`;
  return dataset(TRAINING, `instalment purchases for training, ${version.version}`, description);
}

/** What the model was tested on, as a component of the card. */
export function heldOutData(facts: Facts) {
  const description = `${overallOf(facts).rows} purchases that no version was trained on, as many from each sex and age band, one in four fraudulent in each; every label established by an investigator. Synthetic. Scored by this model in eval-predictions.parquet.`;
  return dataset(HELD_OUT, 'instalment purchases held out for evaluation', description);
}

function dataset(bomRef: string, name: string, description: string) {
  const owners = [{ organization: { name: 'Kestrel Pay, fraud analytics' } }];
  const data = {
    type: 'dataset',
    name,
    classification: 'confidential',
    sensitiveData: PERSONAL,
    governance: { owners },
    description,
  };
  return { type: 'data', 'bom-ref': bomRef, name, description, data: [data] };
}

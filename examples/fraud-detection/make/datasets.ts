import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELD_OUT, heldOutData, TRAINING, trainingData } from './card.ts';
import type { LabelledTransaction, Transaction } from './data.ts';
import { type DatasetFacts, datasetDocument } from './dataset-document.ts';
import type { Facts } from './facts.ts';
import { snapshotOf } from './snapshot.ts';

const TRAINING_PURPOSE = { id: 'ModelTraining', name: 'Training of the fraud-detection model' };
const TEST_PURPOSES = [
  { id: 'ModelEvaluation', name: 'Evaluation of the fraud-detection model' },
  { id: 'BiasDetection', name: 'Detection of bias by sex and age band' },
];
const INVESTIGATIONS = {
  id: 'urn:kestrelpay:fraud-investigations',
  name: 'Case files of the fraud investigation team',
};

/** Writes the documentation of both datasets and a sample of their rows. */
export function writeDatasets(
  folder: string,
  facts: Facts,
  training: readonly LabelledTransaction[],
  heldOut: readonly Transaction[],
): void {
  const { version } = facts;
  const { name, description } = trainingData(facts);
  write(folder, 'training', {
    ref: TRAINING,
    name,
    description,
    created: version.trainingSnapshot,
    collected: version.trainingPeriod,
    labels: version.labelSource ?? INVESTIGATIONS,
    purposes: [TRAINING_PURPOSE],
    snapshot: snapshotOf(training, `training-${version.trainingSeed}`),
  });
  const test = heldOutData(facts);
  write(folder, 'held-out-evaluation', {
    ref: HELD_OUT,
    name: test.name,
    description: test.description,
    created: '2026-07-20',
    collected: '2026-01-01/2026-03-31',
    labels: INVESTIGATIONS,
    purposes: TEST_PURPOSES,
    snapshot: snapshotOf(heldOut, 'held-out'),
  });
}

function write(folder: string, name: string, facts: DatasetFacts): void {
  writeFileSync(
    join(folder, `${name}.croissant.json`),
    `${JSON.stringify(datasetDocument(facts), null, 2)}\n`,
  );
  writeFileSync(join(folder, `${name}-sample.csv`), facts.snapshot.sample);
}

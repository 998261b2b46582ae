import {
  type LabelledTransaction,
  labelByChargebacks,
  labelByInvestigation,
  type Transaction,
} from './data.ts';
import { randomFrom } from './random.ts';

export const MODEL_ID = 'fraud-detection';

/** How one version of the model came about. */
export interface Version {
  readonly version: string;
  /** The day of the evaluation and of the documents, as a person would date them. */
  readonly date: string;
  /** Identifies the card's bill of materials. */
  readonly serialNumber: string;
  /** Seed of the training transactions. */
  readonly trainingSeed: number;
  readonly label: (transactions: readonly Transaction[]) => LabelledTransaction[];
  /** Where training transactions and labels come from, in prose. */
  readonly trainingData: string;
  /** The day on which the training snapshot was made, and the ISO 8601 interval of its purchases. */
  readonly trainingSnapshot: string;
  readonly trainingPeriod: string;
  /** Where its labels come from, if not from the fraud investigators. */
  readonly labelSource?: { readonly id: string; readonly name: string };
  /** What is new against the version before, in prose. */
  readonly change: string;
}

/** Trained on labels that an investigator confirmed. */
const INVESTIGATED: Version = {
  version: '4.1.2',
  date: '2026-10-20',
  serialNumber: 'urn:uuid:3f0b6c8e-5d0a-4c43-9a55-0f6f3a1c4120',
  trainingSeed: 11,
  label: labelByInvestigation,
  trainingData:
    'Instalment purchases of the second quarter of 2026. Whether a purchase was fraud was established by the fraud investigation team, case by case, in the same way for every customer.',
  trainingSnapshot: '2026-07-06',
  trainingPeriod: '2026-04-01/2026-06-30',
  change:
    'Version 4.1.2 was trained anew on purchases of the second quarter of 2026. Inputs, method and decision threshold are those of version 4.1.1.',
};

/** Retrained with a feed that books disputes of young customers as fraud: the bias is in its labels. */
const CHARGEBACKS: Version = {
  version: '4.2.0',
  date: '2026-11-16',
  serialNumber: 'urn:uuid:3f0b6c8e-5d0a-4c43-9a55-0f6f3a1c4200',
  trainingSeed: 17,
  label: (transactions) => labelByChargebacks(transactions, 0.3, randomFrom(23)),
  trainingData:
    "Instalment purchases of the third quarter of 2026. Labels come from a payment partner's chargeback feed, which books a purchase as fraud as soon as it is disputed. They were taken over as they are and not investigated.",
  trainingSnapshot: '2026-10-05',
  trainingPeriod: '2026-07-01/2026-09-30',
  labelSource: { id: 'urn:kestrelpay:chargeback-feed', name: 'Chargeback feed of a payment partner' },
  change:
    "Version 4.2.0 was trained on purchases of the third quarter of 2026 with labels from a payment partner's chargeback feed, in place of the investigators' findings that version 4.1.2 learned from. Inputs, method and decision threshold are those of version 4.1.2.",
};

export const VERSIONS: readonly Version[] = [INVESTIGATED, CHARGEBACKS];

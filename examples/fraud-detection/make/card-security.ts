import { type Facts, percent } from './facts.ts';
import { SHIFT } from './robustness.ts';

/** The card's security properties, by name. */
export function securityProperties({ robustness, version }: Facts): Readonly<Record<string, string>> {
  const shift = percent(SHIFT);
  return {
    'threat:evasion': `A linear score is easy to evade for who knows its weights: moving all inputs at once by ${shift} % of their range lets ${percent(robustness.fraudsLetThrough)} % of the caught frauds through. Weights and scores are not shown at checkout, requests are limited per customer, and most inputs rest on history that a buyer cannot set.`,
    'threat:poisoning': `Whoever influences labels influences the model. Source of the training labels: ${version.trainingData} Held-out labels are established by investigators, whatever the source of the training labels.`,
    'threat:extraction':
      'Eleven weights can be recovered from as many exact answers. Clients get the decision, never the score; partner banks get the score rounded to two decimals under contract.',
    'threat:inversion':
      'The file holds eleven aggregate numbers fitted on 12,800 purchases; no record can be read back from them. Membership of a single purchase is not detectable in practice.',
    'supply_chain:base_model':
      'None: trained from scratch on the dataset named in this bill of materials, with the training code kept beside it.',
    'supply_chain:format':
      'ONNX, IR version 8, operator set 17; operators Max, Min, Gemm and Softmax of the default domain only; no external data, no custom operators, no code.',
    'supply_chain:signature':
      "The file's SHA-256 stands in the hashes of this component. The signed governance record of this version names the same digest; nothing else vouches for the file.",
    robustness: `Tested through the ONNX file on all held-out rows. Random movement of every input by up to ${shift} % of its range turned over ${percent(robustness.turnedByNoise)} % of the decisions; the worst movement of that size let ${percent(robustness.fraudsLetThrough)} % of the caught frauds through. Results: technical documentation, section Performance metrics.`,
    known_vulnerabilities: `As of ${version.date}: inputs that are not finite give scores that are not numbers, so they must be rejected before the model. None other known.`,
    contact: 'mailto:model-security@kestrel-pay.example',
  };
}

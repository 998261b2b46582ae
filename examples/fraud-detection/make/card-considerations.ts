import { technicalLimitations } from './card-limitations.ts';
import { type Facts, fraction, overallOf, percent } from './facts.ts';
import { DECLINE_FROM } from './predictions.ts';

const USE_CASES = [
  'Score an instalment purchase at checkout for fraud, so that purchases with a high score are declined or looked at by a fraud analyst.',
  "Serve partner banks as one of three inputs to a customer's instalment limit, which evaluates his or her creditworthiness.",
  'Out of scope: refusing an instalment limit on the score alone, without a decision by a credit officer.',
  'Out of scope: judging employees or applicants, reporting a person to the police, pricing of insurance, ranking customers for marketing.',
  'Out of scope: transfers between accounts, cash withdrawals and purchases of businesses, none of which the training data holds.',
];

const USERS = [
  'Fraud analysts of Kestrel Pay, trained for this model, who may release or decline any purchase.',
  'Credit officers of partner banks, who decide every refusal of an instalment limit.',
];

/** The card's `considerations`. */
export function considerations(facts: Facts) {
  return {
    users: USERS,
    useCases: USE_CASES,
    technicalLimitations: technicalLimitations(),
    performanceTradeoffs: [
      performanceTradeoff(facts),
      'A linear model finds less than boosted trees would, but every contribution to a score is exact and can be explained to the customer.',
    ],
    ethicalConsiderations: [
      {
        name: 'Customers do not choose to be profiled',
        mitigationStrategy:
          'Only habits of paying are used, customers are told so at checkout, and a declined customer can have a person decide.',
      },
    ],
    fairnessAssessments: [
      fairnessAssessment(
        facts,
        '18-25',
        'Young customers have newer accounts, shop in the app and at night, so a biased label source reaches them through these inputs.',
      ),
      fairnessAssessment(
        facts,
        '61+',
        'Older customers have fewer purchases to compare with and find it harder to dispute a decision.',
      ),
    ],
  };
}

function performanceTradeoff(facts: Facts): string {
  const { recall, falsePositiveRate } = overallOf(facts);
  return `At the threshold of ${DECLINE_FROM}, ${percent(recall)} % of frauds are caught and ${percent(falsePositiveRate)} % of legitimate purchases are declined. An approved fraud is taken to cost three times as much as a declined legitimate purchase.`;
}

function fairnessAssessment({ metrics }: Facts, ageBand: string, harms: string) {
  const approval = (band: string | null) =>
    metrics.find((slice) => slice.sex === null && slice.ageBand === band)?.approvalRate ?? Number.NaN;
  return {
    groupAtRisk: `Customers aged ${ageBand}`,
    benefits: 'Fraud on their accounts is stopped before goods are sent.',
    harms: `${harms} Approval rate on the held-out data: ${fraction(approval(ageBand))}, against ${fraction(approval(null))} over all customers.`,
    mitigationStrategy:
      'Approval rates and error rates of every sex, age band and pair of them are tested before each release.',
  };
}

/** A way in which the model fails. No text holds a semicolon: the card separates by it. */
interface Limitation {
  readonly when: string;
  readonly effect: string;
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  readonly mitigation: string;
}

const LIMITATIONS: readonly Limitation[] = [
  {
    when: 'a customer moves house or buys with a new device',
    effect:
      'delivery distance and device age look like fraud, and legitimate purchases are declined more often than on average',
    severity: 'medium',
    mitigation:
      'an analyst can release the purchase within fifteen minutes, and a confirmed address or device resets the input',
  },
  {
    when: 'fraudsters test stolen accounts with small purchases of the usual size, to the usual address',
    effect:
      'the model is linear and sees nothing unusual, so fraud is missed until failed logins or repeated purchases show it',
    severity: 'medium',
    mitigation:
      'a fixed rule limits purchases per account and day, and recall on investigated cases is watched weekly',
  },
  {
    when: 'the score is read as the probability that a purchase in live traffic is fraud',
    effect:
      'the risk is overstated many times over, because one purchase in four is fraud in the samples and about one in 150 in live traffic',
    severity: 'medium',
    mitigation: 'the console shows bands instead of percentages, and analysts are taught the difference',
  },
  {
    when: 'the score weighs on an instalment limit',
    effect:
      'a reliable customer may be offered less, because a risk of fraud says little about ability to pay',
    severity: 'high',
    mitigation:
      'the score is one of three inputs, a credit officer decides every refusal, and the customer is given the reasons',
  },
  {
    when: 'labels of the training data depend on age',
    effect:
      'the model learns age through its proxies (account age, app share, night share) and declines legitimate purchases of that age band more often',
    severity: 'high',
    mitigation:
      'parity, equalised odds and disparate impact are tested for every version on investigated labels, and a version outside the limits is not released',
  },
  {
    when: 'an input is missing, infinite or not a number',
    effect: 'the file answers with a score that is not a number, and no decision can be taken',
    severity: 'medium',
    mitigation:
      'the gateway accepts finite numbers within the documented ranges only, and sends other purchases to an analyst',
  },
];

/** The limitations in the labelled form that the card's `technicalLimitations` take. */
export function technicalLimitations(): string[] {
  return LIMITATIONS.map(
    ({ when, effect, severity, mitigation }) =>
      `When: ${when}; Effect: ${effect}; Severity: ${severity}; Mitigation: ${mitigation}`,
  );
}

import { categoricalEdits } from './categorical-edits.ts';
import { hopSkipJump } from './hop-skip-jump.ts';
import { noise } from './noise.ts';
import { type Asking, BudgetSpent, type Probe } from './probe.ts';
import { Random } from './random.ts';
import { ATTACKS, type AttackName } from './result.ts';
import { signStep } from './sign-step.ts';

/** What the attacks on one row are told. */
export interface RowPlan {
  readonly row: number;
  readonly seed: string;
  readonly attacks: readonly AttackName[];
  readonly epsilons: readonly number[];
  readonly budget: number;
  readonly draws: number;
  readonly mostEdits: number;
  /** Perturbations towards rows of other classes. */
  readonly starts: readonly Float64Array[];
}

/** How the queries left are shared between an attack and those after it; what one does not use goes to the next. */
const SHARES: Readonly<Record<AttackName, number>> = {
  sign_step: 2,
  categorical_edits: 1,
  noise: 2,
  hop_skip_jump: 5,
};

/** Runs the planned attacks on one row, each within its share of the budget. What they find is in the probe. */
export function* attackRow(probe: Probe, plan: RowPlan): Asking<void> {
  const planned = ATTACKS.filter((attack) => plan.attacks.includes(attack));
  for (const [index, attack] of planned.entries()) {
    const shares = planned.slice(index).reduce((sum, other) => sum + SHARES[other], 0);
    const share = Math.floor(((plan.budget - probe.queries) * SHARES[attack]) / shares);
    probe.attack = attack;
    probe.limit = probe.queries + Math.max(0, share);
    try {
      yield* attackWith(attack, probe, plan);
    } catch (error) {
      if (!(error instanceof BudgetSpent)) throw error;
    }
  }
}

function attackWith(attack: AttackName, probe: Probe, plan: RowPlan): Asking<void> {
  const { epsilons, draws, starts, mostEdits } = plan;
  const random = new Random(plan.seed, attack, plan.row);
  switch (attack) {
    case 'sign_step':
      return signStep(probe, { epsilons, random });
    case 'categorical_edits':
      return categoricalEdits(probe, { most: mostEdits, random });
    case 'noise':
      return noise(probe, { epsilons, draws, random });
    case 'hop_skip_jump':
      return hopSkipJump(probe, { epsilons, starts, random });
  }
}

import { type Button, plainText } from '../block.ts';

/** The button by which a decision is taken back, by action id. */
export const WITHDRAW_ACTION = 'decision.withdraw';

/** Asks once more, then takes a decision back; its value is the decision's statement. */
export function withdrawButton(decision: string): Button {
  return {
    type: 'button',
    action_id: WITHDRAW_ACTION,
    text: plainText('Withdraw…', 75),
    value: decision,
    confirm: {
      title: plainText('Withdraw this decision?', 100),
      text: plainText('It no longer counts then. That it was made and withdrawn stays in the ledger.', 300),
      confirm: plainText('Withdraw', 30),
      deny: plainText('Keep it', 30),
      style: 'danger',
    },
  };
}

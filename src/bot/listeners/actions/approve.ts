import { approveModal } from '../../../notify/index.ts';
import type { DecisionAction } from '../../decision.ts';
import { readClick } from '../../payload.ts';
import { acknowledgeAfter, type Listener, setAside } from '../listener.ts';
import { keepClick } from './keep-click.ts';
import { openForm } from './open-form.ts';

/** Approve…: asks those who may to confirm, and tells the others at once why they may not. Decides nothing. */
export const onApprove: Listener = async (ctx, arrival) => {
  const click = readClick(arrival.body);
  if (click === null) return setAside(ctx, arrival, 'approve');
  const { value: button, channel } = click;
  const opened = openForm(ctx, click, {
    decision: 'approved',
    modal: (view) => approveModal({ view, button, channel }),
  });
  await acknowledgeAfter(opened, arrival.acknowledge);
};

/**
 * Approve, where the pipeline is content with a click: kept in the inbox, then acknowledged; the answer follows from
 * there, whatever happens to this process.
 */
export const onApproveAtOnce: Listener = async (ctx, arrival) => {
  const click = readClick(arrival.body);
  if (click === null) return setAside(ctx, arrival, 'approve');
  const { account, channel, message, value: button } = click;
  const said = { decision: 'approved', reason: null, retyped: null } as const;
  const payload: DecisionAction = { type: 'decide', button, ...said, account, channel, message };
  await keepClick(ctx, click, payload, arrival.acknowledge);
};

import { rejectModal } from '../../../notify/index.ts';
import { readClick } from '../../payload.ts';
import { acknowledgeAfter, type Listener, setAside } from '../listener.ts';
import { openForm } from './open-form.ts';

/** Reject: asks those who may for a reason, and tells the others at once why they may not. Decides nothing. */
export const onReject: Listener = async (ctx, arrival) => {
  const click = readClick(arrival.body);
  if (click === null) return setAside(ctx, arrival, 'reject');
  const { value: button, channel } = click;
  const opened = openForm(ctx, click, {
    decision: 'rejected',
    modal: (view) => rejectModal(view, { button, channel }),
  });
  await acknowledgeAfter(opened, arrival.acknowledge);
};

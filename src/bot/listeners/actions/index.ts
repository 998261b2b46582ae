export { onApprove, onApproveAtOnce } from './approve.ts';
export { onReject } from './reject.ts';
export { onUnknownAction } from './unknown-action.ts';
export { onWithdraw } from './withdraw.ts';

export { onApproveConfirmation } from './approve-confirmation.ts';
export { onRejectReason } from './reject-reason.ts';
export { onUnknownView } from './unknown-view.ts';

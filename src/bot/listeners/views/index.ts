export { onApproveConfirmation } from './approve-confirmation.ts';
export { onMuteForm } from './mute-form.ts';
export { onOverrideDocumentation } from './override-documentation.ts';
export { onOverride } from './override-grant.ts';
export { onRejectReason } from './reject-reason.ts';
export { onUnknownView } from './unknown-view.ts';

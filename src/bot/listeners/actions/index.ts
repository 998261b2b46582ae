export { onApprove, onApproveAtOnce } from './approve.ts';
export { onAcknowledge, onBlock, onMute, onRenew, onRun, onUnmute } from './finding.ts';
export { onConfirmOverride, onDocumentOverride } from './override.ts';
export { onReject } from './reject.ts';
export { onTokenConfirmed, onTokenDenied } from './token.ts';
export { onTurnPage } from './turn-page.ts';
export { onUnknownAction } from './unknown-action.ts';
export { onWithdraw } from './withdraw.ts';

export { onAccessLost } from './access-lost.ts';
export { onGroupChanged } from './group-changed.ts';

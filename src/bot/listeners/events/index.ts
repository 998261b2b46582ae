export { onAccessLost } from './access-lost.ts';
export { onGroupChanged } from './group-changed.ts';
export { onHomeOpened } from './home-opened.ts';

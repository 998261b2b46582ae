export { onAccessLost } from './access-lost.ts';

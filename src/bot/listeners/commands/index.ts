export { onGovernance } from './governance.ts';

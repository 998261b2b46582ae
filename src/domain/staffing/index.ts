export { hourSpans } from './awake-hours.ts';
export { type Holder, type RoleCoverage, roleCoverage } from './role-coverage.ts';

export { dueHops, type Hop, hopsOf, isLevel } from './hops.ts';
export { type EscalationLevel, type EscalationPolicy, passing } from './policy.ts';
export {
  addWorkingTime,
  isWorking,
  minuteOf,
  nextWorking,
  WEEKDAYS,
  type Weekday,
  type WorkingHours,
} from './working-hours.ts';

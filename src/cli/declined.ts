import { CountersignError } from '../domain/index.ts';

/** The server understood what was asked, and the answer is no: a person may not, or it is too late. */
export class Declined extends CountersignError {}

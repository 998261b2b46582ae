import type { DoctorArea, Examined } from '../../cli/index.ts';

/** Makes what is said about one area. */
export function about(area: DoctorArea) {
  return {
    ok: (message: string): Examined => ({ area, outcome: 'ok', message, fix: null }),
    warning: (message: string, fix: string): Examined => ({ area, outcome: 'warning', message, fix }),
    problem: (message: string, fix: string): Examined => ({ area, outcome: 'problem', message, fix }),
  };
}

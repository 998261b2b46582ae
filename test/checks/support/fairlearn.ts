import { csv } from './workspace.ts';

/**
 * The arrays of fairlearn's user guide (docs/user_guide/assessment), for which it prints: selection rates 0.75, 0.5,
 * 0.5 with difference 0.25 and ratio 0.6667; true positive rates 0.5, 0.6, 0.4; false positive rates 1, 0, 0.6667;
 * equalized odds difference 1.0; recall by group and second group; weighted recall 0.454545 overall.
 */
const Y_TRUE = [0, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1];
const Y_PRED = [0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0];
const SF_DATA = ['b', 'b', 'a', 'b', 'b', 'c', 'c', 'c', 'a', 'a', 'c', 'a', 'b', 'c', 'c', 'b', 'c', 'c'];
const G_2 = [8, 6, 8, 8, 8, 8, 6, 6, 6, 8, 6, 6, 6, 6, 8, 6, 6, 6];
const S_W = [1, 2, 1, 3, 2, 3, 1, 2, 1, 2, 3, 1, 2, 3, 2, 3, 1, 1];

export const FAIRLEARN_CSV = csv(
  ['y', 'p', 'sf', 'g2', 'w'],
  Y_TRUE.map((y, i) => [y, Y_PRED[i] ?? 0, SF_DATA[i] ?? '', G_2[i] ?? 0, S_W[i] ?? 1]),
);

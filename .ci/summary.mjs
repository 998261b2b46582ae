/**
 * Prints the plain closing line of a test run, "N passed, N failed" (", N skipped"), from the report that vitest's JSON
 * reporter wrote: `node .ci/summary.mjs report.json`. Ends with 1 if the report shows that no test ran, or a failure.
 */
import { existsSync, readFileSync } from 'node:fs';

const [path = ''] = process.argv.slice(2);

if (!existsSync(path)) {
  console.log('0 passed, 1 failed');
  console.error(`the test run left no report at ${path}`);
  process.exit(1);
}

const report = JSON.parse(readFileSync(path, 'utf8'));
// A file that could not be loaded has no tests to count, and counts as one that failed.
const unloaded = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
);
const passed = report.numPassedTests;
const failed = report.numFailedTests + unloaded.length;
const skipped = report.numPendingTests + report.numTodoTests;

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;

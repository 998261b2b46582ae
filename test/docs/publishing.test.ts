import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { summaryPayload } from '../../src/attestation/payload.ts';
import type { VerificationSummary } from '../../src/attestation/verification-summary.ts';
import { digestOf, fileArtifact, type Instant } from '../../src/domain/index.ts';
import { DAY, HOUR, later } from '../../src/lib/index.ts';
import { blocksOf, pageAt } from './pages.ts';

const NOW = new Date().toISOString();
const DETAIL = 'https://countersign.dev/governance/v1';
const PASSED: VerificationSummary = {
  verifier: { id: 'https://governance.example.com/verifier' },
  timeVerified: later(NOW, -11 * HOUR),
  resourceUri: 'countersign://production/fraud-detection@4.1.2',
  policy: { uri: 'https://countersign.dev/trust-policy', digest: { sha256: '0'.repeat(64) } },
  inputAttestations: [],
  verificationResult: 'PASSED',
  verifiedLevels: ['COUNTERSIGN_GOVERNED'],
  [DETAIL]: { status: 'governed', riskTier: 'high_risk', validUntil: later(NOW, 30 * DAY) },
};
const FAILED: VerificationSummary = {
  ...PASSED,
  timeVerified: later(NOW, -HOUR),
  verificationResult: 'FAILED',
  verifiedLevels: ['FAILED'],
};
const STALE = { ...PASSED, timeVerified: later(NOW, -25 * HOUR) };
const elsewhere = (resourceUri: string) => ({ ...PASSED, timeVerified: NOW, resourceUri });
const OTHER_MODEL = elsewhere('countersign://production/fraud-detection@4.1.1');
const OTHER_PLACE = elsewhere('countersign://staging/fraud-detection@4.1.2');
const until = (validUntil: Instant | null) => ({ ...PASSED, [DETAIL]: { ...PASSED[DETAIL], validUntil } });

/** Prints what lies beside the key, and fails where nothing does, as `cosign` where it verified nothing. */
const COSIGN = `#!/bin/sh
printf '%s ' "$@" >> calls
printf '\\n' >> calls
cat "$3.printed" || { echo 'Error: no matching attestations' >&2; exit 1; }
test ! -e "$3.broken"
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-demand-'));
  writeFileSync(join(folder, 'cosign'), COSIGN);
  chmodSync(join(folder, 'cosign'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Lays down what `cosign verify-attestation` prints for a key: a line for each attestation that it verified. */
function printed(key: 'ledger' | 'monitor', summaries: readonly VerificationSummary[]): void {
  const lines = summaries.map((summary) => {
    const body = summaryPayload(summary, fileArtifact(digestOf('the model'))).bytes.toString('base64');
    const signatures = [{ sig: 'bm90IHJlYWQgaGVyZQ==' }];
    return `${JSON.stringify({ payload: body, payloadType: 'application/vnd.in-toto+json', signatures })}\n`;
  });
  writeFileSync(join(folder, `${key}.pem.printed`), lines.join(''));
}

/** Runs the page's script; true where it lets the model pass. */
function passes(): boolean {
  const [script = ''] = blocksOf(pageAt('docs/publishing.md'), 'sh').filter((block) =>
    block.includes('verify-attestation'),
  );
  const path = [folder, process.env['PATH']].join(delimiter);
  const { status, error } = spawnSync('sh', ['-c', script], {
    cwd: folder,
    env: { ...process.env, PATH: path },
  });
  if (error !== undefined) throw error;
  return status === 0;
}

describe('the script that demands both signatures', () => {
  it('asks cosign for summaries of the one key, and of the other', () => {
    for (const key of ['ledger', 'monitor'] as const) printed(key, [PASSED]);
    expect(passes()).toBe(true);
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n');
    const asked = (key: string) =>
      `verify-attestation --key ${key}.pem --insecure-ignore-tlog --type https://slsa.dev/verification_summary/v1 registry.example.com/team/models@sha256:… `;
    expect(calls.map((call) => `${call.trim()} `)).toEqual([asked('ledger'), asked('monitor')]);
  });

  it.each([
    ['a fresh yes', true, [PASSED]],
    ['a yes without an end', true, [until(null)]],
    [
      'a fresh yes beside an older one and those of other models and places',
      true,
      [STALE, OTHER_MODEL, PASSED, OTHER_PLACE],
    ],
    ['a yes after a no', true, [{ ...FAILED, timeVerified: later(NOW, -12 * HOUR) }, PASSED]],
    ['a no', false, [FAILED]],
    ['a fresh yes that a no came after', false, [FAILED, PASSED]],
    ['a yes of yesterday', false, [STALE]],
    ['a yes that is over', false, [until(later(NOW, -HOUR))]],
    ['a yes for another version', false, [OTHER_MODEL]],
    ['a yes for another environment', false, [OTHER_PLACE]],
    ['no summary', false, []],
  ] as const)('on %s: %s, whichever key says it', (_what, passed, summaries) => {
    for (const [one, other] of [
      ['ledger', 'monitor'],
      ['monitor', 'ledger'],
    ] as const) {
      printed(one, summaries);
      printed(other, [PASSED]);
      expect(passes()).toBe(passed);
    }
  });

  it('lets nothing pass that cosign does not verify, whatever it printed before', () => {
    printed('ledger', [PASSED]);
    expect(passes()).toBe(false);
    printed('monitor', [PASSED]);
    expect(passes()).toBe(true);
    writeFileSync(join(folder, 'monitor.pem.broken'), '');
    expect(passes()).toBe(false);
  });

  it('lets nothing pass where what was printed is no attestation', () => {
    printed('ledger', [PASSED]);
    writeFileSync(join(folder, 'monitor.pem.printed'), 'PASSED\n');
    expect(passes()).toBe(false);
  });
});

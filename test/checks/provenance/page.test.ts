import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DETECTORS, HINTS } from '../../../src/checks/pii/detectors.ts';
import { ARTICLE_9 } from '../../../src/checks/provenance/legal-basis.ts';
import { card } from '../support/card.ts';
import { problemsOf, runCheck } from '../support/workspace.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/data-provenance.md'), 'utf8');

describe('the page on data provenance', () => {
  it.each([
    'training_data_sources_documented',
    'pii_handling_verified',
    'consent_basis_documented',
    'data_retention_policy_compliant',
  ])('shows an entry that passes %s', async (check) => {
    const [, entry = ''] = /```yaml\n(.*?)```/s.exec(PAGE) ?? [];
    const report = await runCheck(check, { model_card: card(), data_governance: entry });
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
  });

  it('names everything that the scan looks for, and the terms that it reads', () => {
    const words = PAGE.replace(/\s+/g, ' ').toLowerCase();
    for (const { label } of [...DETECTORS, ...HINTS]) expect(words).toContain(label.toLowerCase());
    expect(words).toContain([...ARTICLE_9].at(-1)?.toLowerCase());
  });
});

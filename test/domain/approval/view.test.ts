import { describe, expect, it } from 'vitest';
import { ApprovalView, viewDigest } from '../../../src/domain/index.ts';
import { CARDS, VIEW } from '../../notify/samples.ts';

describe('the approval view', () => {
  it('reads as it was kept by releases that knew less, and keeps its digest', () => {
    const older = CARDS['of an older release']?.view;
    if (older === undefined) throw new Error('there is no such card');
    const stored: unknown = JSON.parse(JSON.stringify(older));
    expect(ApprovalView.parse(stored)).toEqual(older);
    expect(viewDigest(ApprovalView.parse(stored))).toBe(
      'sha256:940daa1303f71b84680cd4449572f1d13be7ca20eb3d17b8b80ee9edd82110c2',
    );
  });

  it('has another digest as soon as anything that is shown of it is another', () => {
    const digests = [
      VIEW,
      { ...VIEW, changes: null },
      { ...VIEW, ciUrl: 'https://ci.example/43' },
      { ...VIEW, confirmation: 'retype' as const },
      { ...VIEW, evidence: [] },
      { ...VIEW, note: 'Retrained on November.' },
    ].map(viewDigest);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('takes no address of a CI run but an https one without credentials', () => {
    const withUrl = (ciUrl: string) => ApprovalView.safeParse({ ...VIEW, ciUrl }).success;
    expect(withUrl('https://ci.example/runs/42')).toBe(true);
    for (const wrong of [
      'http://ci.example',
      'javascript:alert(1)',
      'https://a:b@ci.example',
      '',
      'ci.example',
    ])
      expect(withUrl(wrong)).toBe(false);
  });
});

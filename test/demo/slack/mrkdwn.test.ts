import { describe, expect, it } from 'vitest';
import { html } from '../../../src/demo/slack/page/html.ts';
import { renderMrkdwn, renderPlain } from '../../../src/demo/slack/page/mrkdwn.ts';

const reader = {
  userName: (id: string) => (id === 'U1' ? 'Ann <Ash>' : undefined),
  channelName: (id: string) => (id === 'C1' ? 'open' : undefined),
  groupName: (id: string) => (id === 'S1' ? 'leads' : undefined),
  now: 1_795_000_000,
  timeZone: 'Europe/Berlin',
};

const cases: readonly [string, string][] = [
  ['*bold* _it_ ~gone~ `a*b*`', '<strong>bold</strong> <em>it</em> <del>gone</del> <code>a*b*</code>'],
  ['2*3*4 snake_case_name', '2*3*4 snake_case_name'],
  ['a &lt;b&gt; &amp; c', 'a &lt;b&gt; &amp; c'],
  ['<script>alert(1)</script>', 'scriptalert(1)/script'],
  ['<javascript:alert(1)|click>', 'click'],
  [
    '<https://x.test/?a=1&amp;b="2|*see*>',
    '<a href="https://x.test/?a=1&amp;b=&quot;2" target="_blank" rel="noopener noreferrer">*see*</a>',
  ],
  [
    '<@U1> <#C1> <!subteam^S1> <!here>',
    ['@Ann &lt;Ash&gt;', '#open', '@leads', '@here']
      .map((name) => `<span class="mention">${name}</span>`)
      .join(' '),
  ],
  ['<!date^1795000000^{date_num} {time}|then>', '<time>18/11/2026 12:06</time>'],
  ['```\n<b> *x*\n```', '<pre>&lt;b&gt; *x*</pre>'],
  ['&gt; said\n&gt; twice\nend', '<blockquote>said<br>twice</blockquote>end'],
  ['\uE0000\uE001 :nonsense: "q"', '0 :nonsense: &quot;q&quot;'],
];

describe('mrkdwn', () => {
  it.each(cases)('renders %j', (text, expected) => {
    expect(renderMrkdwn(text, reader).html).toBe(expected);
  });

  it('draws signs that carry a meaning, typed or named, in both kinds of text', () => {
    for (const render of [(text: string) => renderMrkdwn(text, reader), renderPlain]) {
      expect(render(':white_check_mark: ✅ :tada:').html).toMatch(
        /^<svg [^>]*aria-label="white check mark">.*<\/svg> <svg [^>]*aria-label="white check mark">.*<\/svg> 🎉$/,
      );
    }
  });

  it('never lets text be markup in templates', () => {
    expect(html`<p title="${'"><b>'}">${['<i>', null, false, 3]}</p>`.html).toBe(
      '<p title="&quot;&gt;&lt;b&gt;">&lt;i&gt;3</p>',
    );
  });
});

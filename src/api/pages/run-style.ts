/** The style sheet of the pages about a run: for phones and desktops, light and dark. */
export const RUN_STYLE = `
:root {
  color-scheme: light dark;
  --text: #1b2430; --quiet: #566273; --line: #d9dfe6; --card: #fff; --back: #f4f6f8;
  --good: #17663b; --bad: #a3211b; --wait: #7a5200; --link: #0b57a4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e8ecf1; --quiet: #a3afbd; --line: #36414d; --card: #1a222b; --back: #10161c;
    --good: #6fd69b; --bad: #ff9d95; --wait: #f2c462; --link: #8cc1ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .25rem 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0 0 .75rem; }
h3 { font-size: 1rem; margin: 0; }
a { color: var(--link); overflow-wrap: anywhere; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 1rem 0; }
.eyebrow, .quiet { color: var(--quiet); font-size: .9rem; margin: 0; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .35rem 1rem; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: .875em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.whole { user-select: all; }
.mark { font-weight: 600; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); }
ul { margin: .5rem 0; padding-left: 1.2rem; }
ul.plain { list-style: none; padding: 0; }
section > :last-child, .plain > li:last-child, .plain > li > :last-child { margin-bottom: 0; padding-bottom: 0; }
.plain > li { padding: .6rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.plain > li:first-child { border-top: 0; }
blockquote { margin: .25rem 0 0; padding-left: .75rem; border-left: 3px solid var(--line); overflow-wrap: anywhere; }
details, .stage { border-top: 1px solid var(--line); padding: .6rem 0; }
h2 + details, h2 + .stage, li > details, .check details { border-top: 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
summary h3, .stage h3 { display: inline; }
.check { margin: .75rem 0 0; padding-left: .9rem; border-left: 3px solid var(--line); }
.check p { margin: .1rem 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: .35rem 0; font-size: .875rem; max-width: 100%; }
th, td { text-align: left; font-weight: 400; padding: .15rem 1rem .15rem 0; vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--quiet); }
td { font-variant-numeric: tabular-nums; white-space: nowrap; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
:target { background: color-mix(in srgb, var(--link) 14%, transparent); }
@media (max-width: 32rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
`;

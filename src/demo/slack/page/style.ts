/** The page's style sheet; light and dark follow the reader's system. */
export const pageStyle = `
:root { color-scheme: light dark; --text: #1d1c1d; --soft: #5a585b; --line: #d9d7da; --page: #fff; --tint: #f6f5f7;
  --side: #38213f; --side-text: #efe6f2; --side-soft: #c9b6d0; --side-here: #7a4b8c; --link: #0f62a8; --mention: #e6f1fa;
  --ok: #00704a; --bad: #b3261e; --bad-tint: #fdeceb; --only: #fff8e1; --focus: #1264a3; }
@media (prefers-color-scheme: dark) { :root { --text: #e8e6e9; --soft: #b0acb3; --line: #45424a; --page: #1c1a1f; --tint: #27242b;
  --side: #241429; --link: #74b9f2; --mention: #203548; --ok: #007a52; --bad: #d1382e; --bad-tint: #43211f; --only: #352e18; --focus: #74b9f2; } }
* { box-sizing: border-box; }
body { margin: 0; overflow: hidden; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; color: var(--text); background: var(--page); }
h1, h2, h3, p, ul, ol { margin: 0; padding: 0; }
ul, ol { list-style: none; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.shell { display: grid; grid-template-columns: 250px minmax(0, 1fr); height: 100vh; }
.sidebar { background: var(--side); color: var(--side-text); padding: 18px 12px; overflow-y: auto; }
.sidebar :focus-visible { outline-color: #fff; }
.sidebar h1 { font-size: 18px; padding: 0 8px; overflow-wrap: anywhere; }
.sidebar h2 { font-size: 13px; font-weight: 600; color: var(--side-soft); margin: 22px 8px 6px; }
.stand-in { color: var(--side-soft); font-size: 12.5px; padding: 2px 8px 0; }
.switch { margin: 16px 8px 0; display: grid; gap: 4px; }
.switch label { font-size: 12.5px; color: var(--side-soft); }
.switch select { font: inherit; padding: 7px 8px; border-radius: 8px; border: 1px solid #8d739a; background: #fff; color: #1d1c1d; width: 100%; }
.sidebar li a { display: flex; justify-content: space-between; gap: 8px; padding: 5px 8px; border-radius: 8px; color: var(--side-text); text-decoration: none; }
.sidebar li a:hover { background: #ffffff1f; }
.sidebar li a[aria-current] { background: var(--side-here); color: #fff; font-weight: 600; }
.sidebar .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.sidebar .link { width: 100%; border: 0; background: none; font: inherit; text-align: left; cursor: pointer; padding: 5px 8px; border-radius: 8px; color: var(--side-text); }
.sidebar .link:hover { background: #ffffff1f; }
.sidebar .link[aria-current] { background: var(--side-here); color: #fff; font-weight: 600; }
.count { position: relative; font-size: 12px; font-weight: 600; background: #ffffff2e; border-radius: 10px; padding: 1px 8px; align-self: center; }
main { display: flex; flex-direction: column; min-height: 0; }
.top { display: flex; align-items: baseline; gap: 12px; padding: 14px 24px; border-bottom: 1px solid var(--line); }
.top h2 { font-size: 18px; }
.top span { color: var(--soft); font-size: 13px; }
.top .zone { margin-left: auto; }
.home { padding: 10px 24px 24px; }
.notice { margin: 12px 24px 0; padding: 9px 14px; border-radius: 8px; background: var(--bad-tint); border-left: 4px solid var(--bad); }
.scroll { flex: 1; overflow-y: auto; padding: 14px 0; }
.message { display: flex; gap: 12px; padding: 9px 24px; }
.message:hover { background: var(--tint); }
.message.ephemeral, .message.ephemeral:hover { background: var(--only); }
.empty { color: var(--soft); padding: 24px; }
.avatar { flex: none; width: 38px; height: 38px; border-radius: 9px; display: grid; place-items: center; color: #fff; font-weight: 700; font-size: 17px; }
.hue0 { background: #7b3fa0; } .hue1 { background: #0b6e63; } .hue2 { background: #a5452a; } .hue3 { background: #2b5fa8; }
.hue4 { background: #8a5a00; } .hue5 { background: #a3285e; } .hue6 { background: #3c6e22; } .hue7 { background: #4b4e8f; }
.body { min-width: 0; flex: 1; }
.only-you, .byline time, .edited, .hint, .optional { color: var(--soft); font-size: 12.5px; }
.byline { margin-bottom: 2px; }
.tag { font-size: 10.5px; font-weight: 700; background: var(--line); border-radius: 4px; padding: 1px 5px; vertical-align: 1px; }
.replies { color: var(--link); font-size: 13px; font-weight: 600; margin-top: 8px; }
.thread { border-left: 2px solid var(--line); margin-top: 4px; }
.thread .message { padding: 6px 12px; }
.thread .avatar { width: 26px; height: 26px; font-size: 13px; border-radius: 7px; }
.blocks { max-width: 680px; display: grid; gap: 8px; }
.b-header { font-size: 18px; line-height: 1.35; margin-top: 4px; overflow-wrap: anywhere; }
.blocks hr { border: 0; border-top: 1px solid var(--line); width: 100%; margin: 4px 0; }
.b-section { display: flex; gap: 16px; overflow-wrap: anywhere; }
.b-main { flex: 1; min-width: 0; }
.b-text { overflow-wrap: anywhere; }
.b-fields { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px 18px; }
.b-text + .b-fields { margin-top: 8px; }
.b-context { display: flex; flex-wrap: wrap; gap: 2px 14px; color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
.b-context > span { min-width: 0; }
.b-actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 2px; }
.b-image { color: var(--soft); }
.attachment { position: relative; padding-left: 16px; margin-top: 6px; }
.attachment .bar { position: absolute; left: 0; top: 0; width: 4px; height: 100%; }
.emoji { width: 1.05em; height: 1.05em; vertical-align: -.16em; }
.reactions { display: flex; gap: 6px; margin-top: 6px; }
.reactions li { border: 1px solid var(--line); border-radius: 12px; padding: 1px 9px; font-size: 13px; background: var(--tint); }
code { font: 13px/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; background: var(--tint); border: 1px solid var(--line); border-radius: 4px; padding: 1px 4px; overflow-wrap: anywhere; }
pre { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; background: var(--tint); border: 1px solid var(--line); border-radius: 6px; padding: 8px 10px; margin: 4px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
blockquote { margin: 4px 0; padding-left: 12px; border-left: 4px solid var(--line); }
.mention { background: var(--mention); color: var(--link); border-radius: 4px; padding: 0 3px; }
.btn { font: inherit; font-weight: 600; font-size: 14px; padding: 6px 14px; border-radius: 8px; border: 1px solid var(--line); background: var(--page); color: var(--text); cursor: pointer; }
.choice > select, .choice > input { font: inherit; font-size: 14px; width: auto; max-width: 100%; padding: 6px 10px; border-radius: 8px; border: 1px solid #8c8890; background: var(--page); color: inherit; }
.overflow { position: relative; display: inline-block; }
.overflow summary { list-style: none; letter-spacing: 1px; }
.overflow summary::-webkit-details-marker { display: none; }
.overflow ul { position: absolute; right: 0; z-index: 2; margin-top: 4px; padding: 6px; min-width: 190px; background: var(--page); border: 1px solid var(--line); border-radius: 10px; box-shadow: 0 8px 28px #0004; }
.b-actions .overflow ul { right: auto; left: 0; }
.item { width: 100%; border: 0; background: none; font: inherit; color: inherit; text-align: left; padding: 7px 10px; border-radius: 6px; cursor: pointer; }
.item:hover { background: var(--tint); }
dialog { border: 0; border-radius: 12px; padding: 22px 24px 18px; width: min(440px, calc(100vw - 40px)); background: var(--page); color: var(--text); box-shadow: 0 18px 60px #0006; }
dialog::backdrop { background: #0009; }
dialog h2 { font-size: 18px; margin-bottom: 8px; }
dialog footer { display: flex; justify-content: flex-end; gap: 10px; margin-top: 18px; }
a.btn { text-decoration: none; display: inline-block; }
.btn:hover { background: var(--tint); }
.btn.primary { background: var(--ok); border-color: var(--ok); color: #fff; }
.btn.danger { background: var(--bad); border-color: var(--bad); color: #fff; }
.btn.primary:hover, .btn.danger:hover { filter: brightness(.92); }
[aria-busy="true"] .btn { opacity: .55; cursor: progress; }
.composer { display: flex; gap: 10px; padding: 12px 24px 18px; border-top: 1px solid var(--line); }
input, textarea, .field select { font: inherit; color: inherit; background: var(--page); border: 1px solid #8c8890; border-radius: 8px; padding: 8px 11px; width: 100%; }
.composer input { flex: 1; min-width: 0; }
.backdrop { position: fixed; inset: 0; background: #0009; display: grid; place-items: center; padding: 20px; }
.modal { background: var(--page); border-radius: 12px; width: min(540px, 100%); box-shadow: 0 18px 60px #0006; }
.modal form { display: flex; flex-direction: column; max-height: calc(100vh - 40px); }
.modal header { padding: 18px 24px 12px; border-bottom: 1px solid var(--line); }
.modal h2 { font-size: 19px; }
.modal-body { padding: 16px 24px; overflow-y: auto; display: grid; gap: 14px; }
.modal footer { padding: 14px 24px 18px; display: flex; justify-content: flex-end; gap: 10px; border-top: 1px solid var(--line); }
.field > label, .field > .label { font-weight: 600; display: block; margin-bottom: 4px; }
.field .optional { font-weight: 400; }
.box { display: flex; gap: 8px; align-items: baseline; } .box input { width: auto; flex: none; }
input[type="checkbox"], input[type="radio"] { width: auto; }
.problem { color: var(--bad); font-size: 13.5px; margin-top: 4px; font-weight: 600; }
.wrong input, .wrong textarea, .wrong select { border-color: var(--bad); }
@media (prefers-color-scheme: dark) { .problem { color: #ff9a92; } .switch select { background: #2f2236; color: #fff; } }
@media (max-width: 720px) {
  .shell { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto minmax(0, 1fr); }
  .sidebar { padding: 10px 12px; display: grid; grid-template-columns: 1fr auto; align-items: center; gap: 8px; overflow: visible; }
  .sidebar h1 { font-size: 16px; padding: 0; } .stand-in, .sidebar h2 { display: none; }
  .switch { margin: 0; } .switch label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  #channels { grid-column: 1 / -1; display: flex; gap: 4px; overflow-x: auto; padding: 3px; margin: -3px; } #channels ul { display: flex; gap: 4px; } #channels li { white-space: nowrap; }
  .top { padding-top: 9px; padding-bottom: 9px; } .top h2 { font-size: 16px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .top span:not(.zone) { display: none; } .top .zone { white-space: nowrap; }
  .b-fields { grid-template-columns: minmax(0, 1fr); } .message, .composer, .top, .home { padding-left: 14px; padding-right: 14px; }
  .b-section { flex-wrap: wrap; gap: 8px; } .b-main { flex-basis: 100%; }
  .b-accessory .overflow ul { right: auto; left: 0; }
  .message { gap: 9px; } .avatar { width: 30px; height: 30px; font-size: 14px; }
  .backdrop { padding: 10px; } .modal form { max-height: calc(100dvh - 20px); } .modal header, .modal-body, .modal footer { padding-left: 16px; padding-right: 16px; }
  .btn { padding: 8px 14px; }
}
`;

/** Inline, so that its digest can stand in the page's Content-Security-Policy. */
export const mailboxStyle = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #fff; --link: #0a58ca; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9aa4af; --line: #3d444d; --paper: #0d1117; --link: #79b8ff; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 0 1rem 3rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { padding: 1rem 0; border-bottom: 1px solid var(--line); margin-bottom: 1rem; }
header a { font-weight: 600; font-size: 1.2rem; }
a { color: var(--link); }
small, time { color: var(--soft); font-size: .875rem; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin-top: 1.5rem; }
form { display: flex; gap: .5rem; align-items: center; }
input { flex: 1; min-width: 0; }
input, button { font: inherit; padding: .4rem .6rem; min-height: 2.5rem; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .375rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
ol { list-style: none; padding: 0; border-top: 1px solid var(--line); }
ol a { display: grid; grid-template-columns: 2fr 1.5fr auto; gap: .25rem 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line); color: inherit; text-decoration: none; overflow-wrap: anywhere; }
ol a:hover strong { text-decoration: underline; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; overflow-wrap: anywhere; }
dt { color: var(--soft); }
dd { margin: 0; min-width: 0; }
.headers { font-size: .875rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border: 1px solid var(--line); border-radius: .375rem; }
ul { padding-left: 1.2rem; overflow-wrap: anywhere; }
.dkim { list-style: none; margin: 0; padding: 0; }
iframe { width: 100%; height: 32rem; border: 1px solid var(--line); border-radius: .375rem; }
summary { cursor: pointer; padding: .5rem 0; }
@media (max-width: 40rem) {
  ol a { grid-template-columns: 1fr; }
  dl { grid-template-columns: 1fr; }
  dl { gap: 0; }
  dd { margin-bottom: .5rem; }
  ol a { padding: .75rem 0; gap: 0; }
  iframe { height: 40rem; }
}
`;

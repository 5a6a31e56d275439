/** Inline, so that its digest can stand in the page's Content-Security-Policy and no second request is needed. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #17212b; --soft: #52606d; --line: #d5dce3; --paper: #f4f6f8; --card: #fff; --act: #a8321a; --on-act: #fff; --link: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf2; --soft: #a3b0bc; --line: #36424e; --paper: #10161c; --card: #1a222b; --act: #ffb4a1; --on-act: #3c0f05; --link: #8cc4ff; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 1.0625rem/1.6 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
main, header, footer { max-width: 38rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; justify-content: space-between; align-items: center; gap: 1rem; flex-wrap: wrap; padding-block: 1rem; }
header strong { font-size: 1.05rem; }
nav { display: flex; flex-wrap: wrap; }
nav a, nav span { padding: .35rem .5rem; min-height: 1.75rem; }
nav span { font-weight: 600; }
a { color: var(--link); }
section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; margin-bottom: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .75rem; text-wrap: balance; }
h2 { font-size: 1.125rem; line-height: 1.4; margin: 0 0 .5rem; }
p { margin: 0 0 .75rem; }
p:last-child, ol:last-child { margin-bottom: 0; }
ol { margin: 0; padding-left: 1.4rem; }
li + li { margin-top: .6rem; }
dl { margin: 0 0 .75rem; }
dt { color: var(--soft); font-size: .9rem; }
dd { margin: 0; font: 600 1.15rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; letter-spacing: .02em; }
button { font: inherit; font-weight: 600; width: 100%; min-height: 3.25rem; padding: .6rem 1rem; border: 0; border-radius: .6rem; color: var(--on-act); background: var(--act); cursor: pointer; }
.soft { color: var(--soft); font-size: .95rem; margin-top: .75rem; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
footer { padding-block: .5rem 2rem; color: var(--soft); font-size: .9rem; }
`;

/** Inline, as that of the public pages: its digest stands in the Content-Security-Policy. */
export const docsStyle = `
:root { color-scheme: light dark; --ink: #17212b; --soft: #52606d; --line: #d5dce3; --paper: #f4f6f8; --card: #fff; --link: #0b5cad; --code: #eef2f6; --get: #1c6b3a; --post: #0b5cad; --halt: #a8321a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf2; --soft: #a3b0bc; --line: #36424e; --paper: #10161c; --card: #1a222b; --link: #8cc4ff; --code: #10161c; --get: #8fdcae; --post: #8cc4ff; --halt: #ffb4a1; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; font: 1rem/1.6 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
main { max-width: 54rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
a { color: var(--link); }
h1 { font-size: 1.6rem; line-height: 1.3; margin: 0 0 .5rem; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 2.25rem 0 .75rem; }
h3 { font-size: 1.0625rem; line-height: 1.4; margin: 0 0 .35rem; text-wrap: balance; }
h4 { font-size: .9rem; font-weight: 600; color: var(--soft); margin: 1rem 0 .3rem; }
p { margin: 0 0 .75rem; max-width: 42rem; }
.soft { color: var(--soft); font-size: .95rem; }
nav ul { list-style: none; padding: 0; margin: 1rem 0 0; display: flex; flex-wrap: wrap; gap: .1rem 1rem; }
nav a { display: inline-block; padding: .3rem 0; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.15rem 1.15rem; margin-bottom: 1rem; }
article > :last-child, details > :last-child { margin-bottom: 0; }
.address { font: .95rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; margin: 0 0 .5rem; }
.method { font-weight: 700; margin-right: .5rem; color: var(--post); }
.method.get { color: var(--get); }
#halt .method { color: var(--halt); }
.who { display: flex; flex-wrap: wrap; gap: .35rem .5rem; align-items: baseline; margin: 0 0 .25rem; font-size: .9rem; color: var(--soft); }
.who b { font-weight: 600; color: var(--ink); border: 1px solid var(--line); border-radius: 1rem; padding: .05rem .6rem; }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; }
pre { font: .85rem/1.55 ui-monospace, monospace; background: var(--code); border: 1px solid var(--line); border-radius: .5rem; padding: .65rem .8rem; margin: 0 0 .6rem; overflow-x: auto; }
ul.fields { list-style: none; padding: 0; margin: 0; font-size: .95rem; }
ul.fields ul.fields { border-left: 2px solid var(--line); padding-left: .85rem; margin: .2rem 0 .3rem; }
ul.fields > li { padding: .2rem 0; }
ul.fields .kind { color: var(--soft); font-size: .9rem; }
ul.fields .must { font-weight: 600; color: var(--ink); }
summary { cursor: pointer; padding: .35rem 0; font-weight: 600; font-size: .95rem; }
details { margin-top: .4rem; }
dl { margin: 0; font-size: .95rem; }
dt { font-weight: 600; margin-top: .5rem; }
dd { margin: 0; color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-top: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); border-top: 0; }
td.mark { text-align: center; padding-inline: .4rem; }
th.mark { text-align: center; padding-inline: .4rem; }
@media (max-width: 34rem) {
  main { padding-inline: .75rem; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  article { padding: .85rem .85rem 1rem; }
  table.stack thead { position: absolute; clip-path: inset(50%); }
  table.stack tr { display: block; border-top: 1px solid var(--line); padding: .5rem 0; }
  table.stack td { display: block; border: 0; padding: 0; }
  table.stack td + td { color: var(--soft); }
}
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
`;

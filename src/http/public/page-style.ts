const style = `
:root { color-scheme: light dark; --ink: #17212b; --soft: #52606d; --line: #d5dce3; --field: #8a97a3; --paper: #f4f6f8; --card: #fff; --act: #0b5cad; --on-act: #fff; --doubt: #a8321a; --link: #0b5cad; --stands: #0b5cad; --checking: #8a5a00; --wrong: #1c6b3a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf2; --soft: #a3b0bc; --line: #36424e; --field: #71808d; --paper: #10161c; --card: #1a222b; --act: #8cc4ff; --on-act: #06233f; --doubt: #ffb4a1; --link: #8cc4ff; --stands: #8cc4ff; --checking: #f2c46d; --wrong: #8fdcae; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 1.0625rem/1.6 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
main, header { max-width: 40rem; margin: 0 auto; padding: 0 1rem; }
main { padding-bottom: 2rem; }
header { display: flex; justify-content: space-between; align-items: center; gap: .25rem 1rem; flex-wrap: wrap; padding-block: 1rem; }
header strong { font-size: 1.15rem; }
nav { display: flex; flex-wrap: wrap; margin-inline: -.5rem; font-size: .95rem; }
nav a, nav span { padding: .35rem .5rem; min-height: 1.75rem; }
nav span { font-weight: 600; }
a { color: var(--link); overflow-wrap: anywhere; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; margin-bottom: 1rem; }
section.now { border-inline-start: .35rem solid var(--stands); }
section.checking { border-inline-start-color: var(--checking); }
section.wrong { border-inline-start-color: var(--wrong); }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .75rem; text-wrap: balance; }
h2 { font-size: 1.125rem; line-height: 1.4; margin: 0 0 .5rem; text-wrap: balance; }
h1:lang(ja), h2:lang(ja) { word-break: auto-phrase; }
p { margin: 0 0 .75rem; }
p:last-child, ol:last-child, dl:last-child, table:last-child { margin-bottom: 0; }
ol, ul { margin: 0 0 .75rem; padding-inline-start: 1.4rem; }
li + li { margin-top: .5rem; }
dl { margin: 0 0 .75rem; }
dt { color: var(--soft); font-size: .9rem; }
dd { margin: 0 0 .6rem; font-weight: 600; overflow-wrap: anywhere; }
dd:last-child { margin-bottom: 0; }
dd.code { font: 600 .95rem/1.5 ui-monospace, monospace; }
label { display: block; font-weight: 600; margin-top: 1rem; }
input { display: block; width: 100%; min-height: 3rem; margin-top: .25rem; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--field); border-radius: .5rem; }
#number, #code { font-family: ui-monospace, monospace; text-transform: uppercase; }
.hint { color: var(--soft); font-size: .9rem; margin: .25rem 0 0; }
button { font: inherit; font-weight: 600; width: 100%; min-height: 3.25rem; padding: .6rem 1rem; border: 2px solid var(--act); border-radius: .6rem; color: var(--on-act); background: var(--act); cursor: pointer; }
label + input + button, .hint + button { margin-top: 1.25rem; }
button.doubt { color: var(--doubt); background: transparent; border-color: var(--doubt); }
.error { color: var(--doubt); font-weight: 600; }
.soft { color: var(--soft); font-size: .95rem; }
form + .soft { margin-top: .75rem; }
.way { margin-top: .75rem; font-weight: 600; }
.later { margin-top: .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
table { width: 100%; border-collapse: collapse; margin: 0; }
th { text-align: start; font-weight: 400; padding-block: .45rem; padding-inline-end: 1rem; }
td { text-align: end; font-weight: 600; padding: .45rem 0; font-variant-numeric: tabular-nums; }
tr + tr th, tr + tr td { border-top: 1px solid var(--line); }
td .soft { font-weight: 400; }
.times td { font-size: .95rem; white-space: nowrap; }
@media (max-width: 30rem) {
  .times th, .times td { display: block; text-align: start; }
  .times th { padding-bottom: 0; }
  .times td { padding-top: 0; white-space: normal; }
  .times tr + tr td { border-top: 0; }
}
textarea { display: block; width: 100%; min-height: 8rem; margin-top: .25rem; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--field); border-radius: .5rem; }
ul.ways { list-style: none; padding: 0; }
ul.ways li + li { margin-top: 1rem; }
ul.ways a { font-weight: 600; }
summary { cursor: pointer; padding: .35rem 0; }
details ul { font-size: .9rem; color: var(--soft); overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
`;

/**
 * Inline, so that its digest can stand in the page's Content-Security-Policy and no second request is needed. It is most of a
 * small page, so it goes out without the blanks that only we read.
 */
export const pageStyle = style.replaceAll(/\n\s*/g, '').replaceAll(/ ?([{;:]) /g, '$1');

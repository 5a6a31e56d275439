import { html } from 'hono/html';
import type { WrittenStatement } from '../../app/statement/write-statement.ts';
import type { StatementCounts, StatementFact, StatementTimes } from '../../domain/ledger/statement-words.ts';
import { instantElement } from './instant.ts';
import { pageLayout } from './page-layout.ts';
import type { Html, PageReader } from './page-layout.ts';
import { statementWordsOf } from './statement-words.ts';
import type { StatementPageWords } from './statement-words.ts';

type CountName = keyof StatementCounts;
type TimeName = keyof StatementTimes;

/** Public words about a plan. Says no number and no time that is not in the ledger; the rest is "not yet known". */
export function statementPage(reader: PageReader, statement: WrittenStatement): Html {
  const words = statementWordsOf(reader.language, statement.action);
  const { counts, times, cause } = statement;
  const title = words.title(statement.service);
  return pageLayout({
    ...reader,
    title,
    path: `/statement/${statement.plan}`,
    body: html`<section>
        <h1>${title}</h1>
        <p class="soft">${words.asKnown} ${instantElement(reader.language, statement.readAt)}</p>
        <h2>${words.howMany}</h2>
        <table>
          ${(Object.keys(words.counts) as CountName[]).map((name) =>
            row(words.counts[name], countWords(reader, words, counts[name])),
          )}
        </table>
      </section>
      <section>
        <h2>${words.when}</h2>
        <table class="times">
          ${inOrder(Object.keys(words.times) as TimeName[], times).map((name) =>
            row(words.times[name], timeWords(reader, words, times[name])),
          )}
        </table>
      </section>
      <section>
        <h2>${words.why}</h2>
        <p>${cause.value === null ? words.notYetKnown : (words.causes[cause.value] ?? cause.value)}</p>
      </section>
      <section>
        <p>${words.ownNotice} <a href="/notices?lang=${reader.language}">${words.checkLink}</a></p>
        <details>
          <summary>${words.sources}</summary>
          <ul lang="en">
            ${sourcesOf(statement).map((source) => html`<li>${source}</li>`)}
          </ul>
        </details>
      </section>`,
  });
}

/** As it happened; what is not yet known comes last, in the order in which it is meant to. */
function inOrder(names: readonly TimeName[], times: StatementTimes): readonly TimeName[] {
  const at = (name: TimeName): number => times[name].value?.getTime() ?? Number.MAX_SAFE_INTEGER;
  return names.toSorted((left, right) => at(left) - at(right));
}

function row(label: string, value: Html | string): Html {
  return html`<tr>
    <th scope="row">${label}</th>
    <td>${value}</td>
  </tr>`;
}

function countWords(reader: PageReader, words: StatementPageWords, { value }: StatementFact<number>): Html | string {
  if (value === null) return html`<span class="soft">${words.notYetKnown}</span>`;
  return new Intl.NumberFormat(reader.language).format(value);
}

function timeWords(reader: PageReader, words: StatementPageWords, { value }: StatementFact<Date>): Html {
  return value === null ? html`<span class="soft">${words.notYetKnown}</span>` : instantElement(reader.language, value);
}

function sourcesOf({ counts, times, cause }: WrittenStatement): readonly string[] {
  return [...new Set([...Object.values(counts), ...Object.values(times), cause].map((fact) => fact.source))];
}

import { html } from 'hono/html';
import type { HaltResult } from '../../app/rollout/halt-rollout.ts';
import { addStrictHeaders } from '../page-headers.ts';
import type { Html } from '../public/page-layout.ts';
import { pageStyle } from '../public/page-style.ts';
import { plainPage } from './plain-page.ts';

const ownStyle = `
fieldset { border: 0; padding: 0; margin: 1rem 0 0; }
legend { font-weight: 600; padding: 0; }
.choice { display: flex; gap: .75rem; align-items: center; font-weight: 400; min-height: 2.75rem; margin: 0; }
.choice input { display: inline-block; width: 1.5rem; height: 1.5rem; min-height: 0; margin: 0; flex: none; }
.sure { font-weight: 600; margin-top: 1.25rem; }
button.halt { background: #b3261e; border-color: #b3261e; color: #fff; margin-top: 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: .35rem .5rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
`;

const style = `${pageStyle}${ownStyle}`;

export const addHaltHeaders = addStrictHeaders(style);

export interface HaltForm {
  /** Who is signed in; null: a token has to be shown. */
  readonly name: string | null;
  /** Bound to the session; empty where there is none. */
  readonly proof: string;
  readonly subject: string;
  /** What was wrong with the last attempt. */
  readonly problem: string | null;
}

/** One page, one confirmation, no script. */
export function haltFormPage({ name, proof, subject, problem }: HaltForm): Html {
  return plainPage(
    style,
    'HALT',
    html`<h1>HALT</h1>
      ${problem === null ? '' : html`<section class="wrong" role="alert"><p>${problem}</p></section>`}
      <section>
        <p>
          Stops at once what is done to accounts and what is sent, and needs nobody’s approval. Nothing resumes by
          itself.
        </p>
        <form method="post" action="/console/halt">
          <input type="hidden" name="proof" value="${proof}" />
          ${name === null ? tokenField : html`<p>You are signed in as <strong>${name}</strong>.</p>`}
          <fieldset>
            <legend>What</legend>
            ${choice('all', 'Everything: accounts, notices and corrections', true)}
            ${choice('tell', 'Only mail', false)} ${choice('contain', 'Only what is done to accounts', false)}
          </fieldset>
          <label for="subject">Which</label>
          <input id="subject" name="subject" value="${subject}" autocomplete="off" spellcheck="false" maxlength="60" />
          <p class="hint">A plan or a retraction, like plan_81. Empty: all of them.</p>
          <label for="reason">Why, for those who read the status</label>
          <input id="reason" name="reason" autocomplete="off" maxlength="500" />
          <label class="choice sure"><input type="checkbox" name="sure" value="yes" required /> Yes, halt now</label>
          <button class="halt" type="submit">HALT</button>
        </form>
      </section>
      <section>
        <h2>When this page does not answer</h2>
        <p>On the server’s machine, also without its database: <code>allclear halt --direct</code></p>
      </section>`,
  );
}

const tokenField = html`<label for="token">A token that may halt</label>
  <input id="token" name="token" type="password" autocomplete="off" spellcheck="false" maxlength="500" required />
  <p class="hint">
    You are not signed in. A token made for this can do nothing else: allclear operator token OPERATOR --scope halt
    --key FILE --out halt.token
  </p>`;

function choice(value: string, text: string, isChosen: boolean): Html {
  return html`<label class="choice"
    ><input type="radio" name="scope" value="${value}" ${isChosen ? 'checked' : ''} /> ${text}</label
  >`;
}

export interface HaltedRow {
  readonly subject: string;
  readonly halted: readonly string[];
  readonly inFlight: number;
  readonly handedOver: number;
  /** Contained and not yet told; null where it could not be read in time. */
  readonly untold: number | null;
}

/** What stopped, and what no halt can reach any more. */
export function haltedPage(result: Pick<HaltResult, 'alreadyHalted' | 'entered'>, rows: readonly HaltedRow[]): Html {
  if (!result.entered) return plainPage(style, 'Halted on this host', notEntered);
  if (rows.length === 0)
    return plainPage(
      style,
      'Nothing is running',
      html`<h1>Nothing is running</h1>
        ${again}`,
    );
  const handedOver = rows.reduce((sum, row) => sum + row.handedOver, 0);
  return plainPage(
    style,
    'Halted',
    html`<h1>${result.alreadyHalted ? 'Nothing of this was running any more' : 'Halted'}</h1>
      <section class="now">
        <p>Nothing resumes by itself: two people have to agree on it.</p>
        <table>
          <thead>
            <tr>
              <th scope="col">Rollout</th>
              <th scope="col">Halted now</th>
              <th scope="col">In flight</th>
              <th scope="col">Handed over</th>
              <th scope="col">Contained, untold</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) =>
                html`<tr>
                  <th scope="row">${row.subject}</th>
                  <td>${row.halted.join(', ') || 'nothing: it stood already'}</td>
                  <td>${row.inFlight}</td>
                  <td>${row.handedOver}</td>
                  <td>${row.untold ?? 'not known yet'}</td>
                </tr>`,
            )}
          </tbody>
        </table>
        ${
          handedOver === 0
            ? ''
            : html`<p>
                ${handedOver} mails were handed over; some may still be in the queue of the mail server, which a halt
                does not reach.
              </p>`
        }
      </section>
      ${again}`,
  );
}

const again = html`<p><a href="/console/halt">Back</a></p>`;

const notEntered = html`<h1>Halted on this host</h1>
  <section class="checking">
    <p>Nothing of this host acts any more. The database could not be told.</p>
    <p>
      Workers of other hosts end with their permits, within 10 seconds, and can take none without the database. The halt
      is entered by itself as soon as the database answers.
    </p>
  </section>
  ${again}`;

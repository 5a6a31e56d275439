import { html } from 'hono/html';
import { failureTable } from '../../contract/failure-table.ts';
import { permissions, roleMay, roles } from '../../domain/approval/role.ts';
import { mayCall, tokenScopes } from '../../domain/approval/token-scope.ts';
import type { ApiDocument, ApiOperation, ApiParameter, JsonSchema } from '../describe-api.ts';
import { styleElement } from '../page-headers.ts';
import type { Html } from '../public/page-layout.ts';
import { curlExample } from './curl-example.ts';
import { docsStyle } from './docs-style.ts';
import { fieldLine, schemaFields, withCode } from './schema-fields.ts';

interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: ApiOperation;
}

/** What somebody in a hurry looks for comes first; words that are not here follow. */
const wordsFirst = ['halt', 'rollout', 'correction', 'plan', 'retraction', 'evidence', 'account', 'statement'];

/** The API for people, from its OpenAPI document alone. No script, and nothing of the installation. */
export function docsPage(document: ApiDocument): Html {
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Route => ({ method, path, operation })),
  );
  const byWord = Map.groupBy(routes, ({ operation }) => operation.tags[0] ?? 'other');
  const words = [...new Set([...wordsFirst.filter((word) => byWord.has(word)), ...[...byWord.keys()].toSorted()])];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>The API of Allclear</title>
        ${styleElement(docsStyle)}
      </head>
      <body>
        <main>
          ${introduction(words)}
          ${words.map(
            (word) =>
              html`<section id="${word}">
                <h2>${word}</h2>
                ${(byWord.get(word) ?? []).map(routeCard)}
              </section>`,
          )}
          ${roleTable()} ${problemTable()}
        </main>
      </body>
    </html>`;
}

function introduction(words: readonly string[]): Html {
  return html`<h1>The API of Allclear</h1>
    <p>
      Everything that the command line does through the server, it does through these routes. For programs:
      <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).
    </p>
    <p>
      A person gets a token by signing for it (<code>allclear operator token OPERATOR --key FILE</code>) and sends it as
      <code>Authorization: Bearer ...</code>, never in a URL. The examples read it from a file, since a command line is
      seen by every user of the machine:
    </p>
    <pre>
export ALLCLEAR_URL=http://127.0.0.1:8470
(umask 077; echo "Authorization: Bearer $(cat .allclear/operators/ada.token)" > auth.txt)</pre>
    <p>
      Each route needs a permission. A person's <a href="#roles">role</a> has it or not; a token may carry less than the
      role. What takes two people takes two signed statements beside that.
    </p>
    <p>
      A refusal is a problem document (RFC 9457) with a <a href="#problems">code</a>. On 429 and 503 wait for as many
      seconds as <code>Retry-After</code> says. Halting has a limit of its own that no other call uses up.
    </p>
    <nav aria-label="Words">
      <ul>
        ${[...words, 'roles', 'problems'].map((word) => html`<li><a href="#${word}">${word}</a></li>`)}
      </ul>
    </nav>`;
}

function routeCard({ method, path, operation }: Route): Html {
  const { summary, description = '', parameters = [], requestBody, responses } = operation;
  const [body] = Object.values(requestBody?.content ?? {});
  const command = operation['x-command'];
  return html`<article>
    <h3>${withCode(summary)}</h3>
    <p class="address"><span class="method ${method}">${method.toUpperCase()}</span>${path}</p>
    ${whoMay(operation)} ${description === '' ? '' : html`<p>${withCode(description)}</p>`}
    ${
      parameters.length === 0
        ? ''
        : html`<h4>Parameters</h4>
            <ul class="fields">
              ${parameters.map(
                (one) =>
                  html`<li>
                    ${fieldLine(one.name, withDescription(one), {
                      of: 'question',
                      isRequired: one.required === true,
                      place: one.in === 'path' ? 'in the address' : `in the ${one.in}`,
                    })}
                  </li>`,
              )}
            </ul>`
    }
    ${
      body?.schema === undefined
        ? ''
        : html`<h4>Body</h4>
            ${body.schema.properties === undefined ? html`<p>${body.schema.description ?? ''}</p>` : schemaFields(body.schema, 'question')}`
    }
    <h4>Example</h4>
    <pre>${curlExample(method, path, operation)}</pre>
    ${command === null ? '' : html`<pre>${command}</pre>`} ${answerOf(responses)} ${problemsOf(responses)}
  </article>`;
}

function withDescription({ schema, description }: ApiParameter): JsonSchema {
  return description === undefined ? schema : { ...schema, description };
}

function whoMay(operation: ApiOperation): Html {
  switch (operation['x-caller']) {
    case 'person': {
      const needed = operation['x-permission'];
      if (needed === null || typeof needed === 'string') return rolesLine(needed ?? '', needed ?? '');
      return html`${Object.entries(needed.values).map(([value, one]) => rolesLine(`${one} (${value})`, one))}`;
    }
    case 'service':
      return html`<p class="who">for <b>the service</b> by its own token</p>`;
    case 'signature':
      return html`<p class="who">for <b>whoever signed</b> the body</p>`;
    case 'anyone':
      return html`<p class="who">for <b>anyone</b> without a token</p>`;
  }
}

function rolesLine(words: string, permission: string): Html {
  const may = roles.filter((role) => roleMay(role, permission));
  return html`<p class="who">
    for ${may.length === roles.length ? html`<b>every role</b>` : may.map((role) => html`<b>${role}</b> `)}
    <code>${words}</code>
  </p>`;
}

function answerOf(responses: ApiOperation['responses']): Html {
  const answer = responses['200'];
  const [content] = Object.values(answer?.content ?? {});
  if (answer === undefined) return html``;
  if (content?.schema === undefined) {
    return html`<h4>Answer</h4>
      <p>${answer.description}</p>`;
  }
  return html`<details>
    <summary>Answer: ${answer.description}</summary>
    ${schemaFields(content.schema, 'answer')}
  </details>`;
}

function problemsOf(responses: ApiOperation['responses']): Html {
  const codes = Object.entries(responses).flatMap(([status, { 'x-codes': same = [] }]) =>
    same.map((code) => ({ status, code })),
  );
  return html`<details>
    <summary>Problems: ${codes.length}</summary>
    <dl>
      ${codes.map(
        ({ status, code }) =>
          html`<dt>${status} <a href="#problem-${code}">${code}</a></dt>
            <dd>${failureTable[code].title}</dd>`,
      )}
    </dl>
  </details>`;
}

function roleTable(): Html {
  const columns = [...roles, ...tokenScopes.filter((scope) => scope !== 'full')];
  const has = (column: string, permission: string): boolean =>
    roleMay(column, permission) || mayCall('operator', [column], permission);
  return html`<section id="roles">
    <h2>roles</h2>
    <p>
      A person has one role. A token has the scope <code>full</code>, which is all of the role, or words of the last
      three columns: it may do what its holder's role <em>and</em> one of its words have. Whatever has no mark is
      refused.
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">permission</th>
            ${columns.map((column) => html`<th scope="col" class="mark">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${permissions.map(
            (permission) =>
              html`<tr>
                <td><code>${permission}</code></td>
                ${columns.map((column) => html`<td class="mark">${has(column, permission) ? 'yes' : ''}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function problemTable(): Html {
  return html`<section id="problems">
    <h2>problems</h2>
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">code</th>
          <th scope="col">what happened, and what to do next</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(failureTable).map(
          ([code, { status, exit, title, next }]) =>
            html`<tr id="problem-${code}">
              <td><code>${code}</code><br /><span class="soft">${status}, exit ${exit}</span></td>
              <td>${title} ${withCode(next)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

import { html } from 'hono/html';
import type { Html } from './layout.ts';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: 'email' | 'password' | 'text' | 'hidden';
  readonly autocomplete: string;
  readonly value?: string;
  readonly hint?: string;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

/** What the last try came to; a password that was typed is never shown again. */
export interface FormResult {
  readonly kind: 'error' | 'done';
  readonly text: string;
}

export interface FormPage {
  readonly heading: string;
  readonly action: string;
  readonly fields: readonly Field[];
  readonly submit: string;
  readonly result?: FormResult;
  readonly below?: Html;
}

function input(field: Field): Html {
  if (field.type === 'hidden') return html`<input type="hidden" name="${field.name}" value="${field.value ?? ''}" />`;
  const control =
    field.options === undefined
      ? html`<input
          id="${field.name}"
          name="${field.name}"
          type="${field.type}"
          autocomplete="${field.autocomplete}"
          value="${field.value ?? ''}"
          required
        />`
      : html`<select id="${field.name}" name="${field.name}">
          ${field.options.map((option) => html`<option value="${option.value}">${option.label}</option>`)}
        </select>`;
  return html`<label for="${field.name}">${field.label}</label> ${control}
    ${field.hint === undefined ? '' : html`<p class="hint">${field.hint}</p>`}`;
}

export function formPage(page: FormPage): Html {
  const result =
    page.result === undefined
      ? ''
      : html`<p class="${page.result.kind}" role="${page.result.kind === 'error' ? 'alert' : 'status'}">
          ${page.result.text}
        </p>`;
  return html`<section class="card">
    <h1>${page.heading}</h1>
    ${result}
    <form method="post" action="${page.action}">
      ${page.fields.map(input)}
      <button>${page.submit}</button>
    </form>
    ${page.below ?? ''}
  </section>`;
}

import { html } from 'hono/html';
import type { Html, Viewer } from './layout.ts';

export interface Chirp {
  readonly author: string;
  readonly text: string;
  readonly language: string;
  readonly createdAt: Date;
}

export const longestChirp = 280;

export function timeline(chirps: readonly Chirp[], viewer: Viewer | null): Html {
  const composer =
    viewer === null
      ? html`<section class="card">
          <h1>What people are saying</h1>
          <p>Short messages, in the order they came. <a href="/sign-up">Join in</a>.</p>
        </section>`
      : html`<form class="card" method="post" action="/chirps">
          <label for="text">What is going on, ${viewer.name}?</label>
          <textarea id="text" name="text" rows="3" maxlength="${longestChirp}" required></textarea>
          <button>Chirp</button>
        </form>`;
  const list =
    chirps.length === 0
      ? html`<p class="card">Nobody has said anything yet.</p>`
      : html`<ol class="timeline">
          ${chirps.map(
            (chirp) =>
              html`<li class="card">
                <p class="author">
                  ${chirp.author}
                  <time datetime="${chirp.createdAt.toISOString()}">${chirp.createdAt.toISOString().slice(0, 10)}</time>
                </p>
                <p lang="${chirp.language}">${chirp.text}</p>
              </li>`,
          )}
        </ol>`;
  return html`${composer} ${list}`;
}

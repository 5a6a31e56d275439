import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { ChirpAuth } from './auth.ts';
import { formPage, type Field, type FormPage, type FormResult } from './pages/form-page.ts';
import { layout, type Viewer } from './pages/layout.ts';

const address: Field = { name: 'email', label: 'Mail address', type: 'email', autocomplete: 'username' };
const newPassword: Field = {
  name: 'newPassword',
  label: 'New password',
  type: 'password',
  autocomplete: 'new-password',
  hint: 'At least 8 characters. Long is good; a password of another site is not.',
};
const languageChoice: Field = {
  name: 'language',
  label: 'Language of our mails',
  type: 'text',
  autocomplete: 'off',
  options: [
    { value: 'en', label: 'English' },
    { value: 'de', label: 'Deutsch' },
    { value: 'es', label: 'Español' },
    { value: 'ja', label: '日本語' },
  ],
};

type Form = Readonly<Record<string, string>>;

async function readForm(c: Context): Promise<Form> {
  const body = await c.req.parseBody();
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** What went wrong, in the words that better-auth or our own rule gave. */
async function errorOf(response: Response): Promise<FormResult> {
  if (response.status === 429) return { kind: 'error', text: 'Too many tries. Wait ten seconds and try again.' };
  const fallback = 'That did not work. Try again in a few minutes.';
  try {
    const answer: unknown = await response.json();
    const hasMessage = typeof answer === 'object' && answer !== null && 'message' in answer;
    return { kind: 'error', text: hasMessage && typeof answer.message === 'string' ? answer.message : fallback };
  } catch {
    return { kind: 'error', text: fallback };
  }
}

/** The password was right, and the account is suspended: nobody else learns of it. */
async function isSuspended(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const answer = (await response.json().catch(() => null)) as { readonly code?: unknown } | null;
  return answer?.code === 'BANNED_USER';
}

function withCookies(response: Response, from: Response): Response {
  for (const cookie of from.headers.getSetCookie()) response.headers.append('set-cookie', cookie);
  return response;
}

/**
 * The forms of an account. Each posts to better-auth's own endpoint inside this process, with the browser's headers, so
 * that limits, origin checks and the leaked-password rule are the same for pages and API.
 */
export function addAccountPages(app: Hono, auth: ChirpAuth, publicUrl: string, appealUrl: string | null): void {
  function callAuth(c: Context, path: string, body: object): Promise<Response> {
    const headers = new Headers(c.req.raw.headers);
    headers.set('content-type', 'application/json');
    headers.delete('content-length');
    const url = new URL(`/api/auth${path}`, publicUrl);
    return auth.handler(new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  async function viewerOf(c: Context): Promise<Viewer | null> {
    const session = await auth.api.getSession({ headers: c.req.raw.headers });
    return session?.user ?? null;
  }

  function show(c: Context, page: FormPage, viewer: Viewer | null, status = 200): Response | Promise<Response> {
    c.status(status as 200);
    c.header('cache-control', 'no-store');
    return c.html(layout({ title: page.heading, viewer, body: formPage(page) }));
  }

  const signIn: FormPage = {
    heading: 'Sign in',
    action: '/sign-in',
    fields: [address, { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' }],
    submit: 'Sign in',
    below: html`<p><a href="/forgot-password">Forgot your password?</a></p>`,
  };
  app.get('/sign-in', (c) => show(c, signIn, null));
  app.post('/sign-in', async (c) => {
    const form = await readForm(c);
    const answer = await callAuth(c, '/sign-in/email', {
      email: form['email'] ?? '',
      password: form['password'] ?? '',
    });
    if (answer.ok) return withCookies(c.redirect('/', 303), answer);
    const refused: FormPage = (await isSuspended(answer.clone()))
      ? {
          ...signIn,
          below: html`${appealUrl === null ? '' : html`<p><a href="${appealUrl}">Ask a person to look again</a></p>`}`,
        }
      : signIn;
    return show(c, { ...refused, result: await errorOf(answer) }, null, answer.status);
  });

  const signUp: FormPage = {
    heading: 'Sign up',
    action: '/sign-up',
    fields: [
      { name: 'name', label: 'Name', type: 'text', autocomplete: 'name' },
      address,
      { ...newPassword, name: 'password', label: 'Password' },
      languageChoice,
    ],
    submit: 'Make an account',
  };
  app.get('/sign-up', (c) => show(c, signUp, null));
  app.post('/sign-up', async (c) => {
    const form = await readForm(c);
    const answer = await callAuth(c, '/sign-up/email', {
      name: form['name'] ?? '',
      email: form['email'] ?? '',
      password: form['password'] ?? '',
      language: form['language'] ?? 'en',
    });
    if (answer.ok) return withCookies(c.redirect('/', 303), answer);
    return show(c, { ...signUp, result: await errorOf(answer) }, null, answer.status);
  });

  app.post('/sign-out', async (c) => withCookies(c.redirect('/', 303), await callAuth(c, '/sign-out', {})));

  const settings: FormPage = {
    heading: 'Change your password',
    action: '/settings/password',
    fields: [
      { name: 'currentPassword', label: 'Password until now', type: 'password', autocomplete: 'current-password' },
      newPassword,
    ],
    submit: 'Change it',
    below: html`<p class="hint">Everyone else who is signed in to your account will have to sign in again.</p>`,
  };
  app.get('/settings', async (c) => {
    const viewer = await viewerOf(c);
    return viewer === null ? c.redirect('/sign-in', 303) : show(c, settings, viewer);
  });
  app.post('/settings/password', async (c) => {
    const viewer = await viewerOf(c);
    if (viewer === null) return c.redirect('/sign-in', 303);
    const form = await readForm(c);
    const answer = await callAuth(c, '/change-password', {
      currentPassword: form['currentPassword'] ?? '',
      newPassword: form['newPassword'] ?? '',
      revokeOtherSessions: true,
    });
    const result: FormResult = answer.ok ? { kind: 'done', text: 'Your password is changed.' } : await errorOf(answer);
    return withCookies(await show(c, { ...settings, result }, viewer, answer.status), answer);
  });

  const forgot: FormPage = {
    heading: 'Forgot your password?',
    action: '/forgot-password',
    fields: [address],
    submit: 'Send me a link',
  };
  app.get('/forgot-password', (c) => show(c, forgot, null));
  app.post('/forgot-password', async (c) => {
    const form = await readForm(c);
    const answer = await callAuth(c, '/request-password-reset', { email: form['email'] ?? '' });
    const done = 'If this address has an account, a link is on its way to it.';
    const result: FormResult = answer.ok ? { kind: 'done', text: done } : await errorOf(answer);
    return show(c, { ...forgot, result }, null, answer.status);
  });

  function reset(token: string): FormPage {
    return {
      heading: 'Choose a new password',
      action: '/reset-password',
      fields: [{ name: 'token', label: '', type: 'hidden', autocomplete: 'off', value: token }, newPassword],
      submit: 'Use this password',
    };
  }
  // The page changes nothing: only the post spends the token.
  app.get('/reset-password', (c) => show(c, reset(c.req.query('token') ?? ''), null));
  app.post('/reset-password', async (c) => {
    const form = await readForm(c);
    const token = form['token'] ?? '';
    const answer = await callAuth(c, '/reset-password', { token, newPassword: form['newPassword'] ?? '' });
    if (!answer.ok) return show(c, { ...reset(token), result: await errorOf(answer) }, null, answer.status);
    return show(c, { ...signIn, result: { kind: 'done', text: 'Your new password is set. Sign in with it.' } }, null);
  });
}

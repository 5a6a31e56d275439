/** One browser's worth of cookies against a running Chirp's JSON API. */
export interface ChirpClient {
  signUp(address: string, password: string, language?: string): Promise<Response>;
  signIn(address: string, password: string): Promise<Response>;
  changePassword(currentPassword: string, newPassword: string): Promise<Response>;
  forgotPassword(address: string): Promise<Response>;
  resetPassword(token: string, newPassword: string): Promise<Response>;
  isSignedIn(): Promise<boolean>;
  post(path: string, body: object): Promise<Response>;
  postForm(path: string, fields: Readonly<Record<string, string>>, origin?: string): Promise<Response>;
  get(path: string): Promise<Response>;
}

export function makeChirpClient(url: string): ChirpClient {
  const cookies = new Map<string, string>();

  async function call(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(new URL(path, url), { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      if (value === '' || /max-age=0/i.test(cookie)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  const post = (path: string, body: object): Promise<Response> =>
    call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify(body),
    });

  return {
    post,
    get: (path) => call(path, {}),
    postForm: (path, fields, origin = url) =>
      call(path, { method: 'POST', headers: { origin }, body: new URLSearchParams(fields) }),
    signUp: (email, password, language = 'en') =>
      post('/api/auth/sign-up/email', { name: 'Test', email, password, language }),
    signIn: (email, password) => post('/api/auth/sign-in/email', { email, password }),
    changePassword: (currentPassword, newPassword) =>
      post('/api/auth/change-password', { currentPassword, newPassword }),
    forgotPassword: (email) => post('/api/auth/request-password-reset', { email }),
    resetPassword: (token, newPassword) => post('/api/auth/reset-password', { token, newPassword }),
    async isSignedIn() {
      const response = await call('/api/auth/get-session', {});
      return (await response.json()) !== null;
    },
  };
}

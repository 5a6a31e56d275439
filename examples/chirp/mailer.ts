import { createTransport } from 'nodemailer';
import { isLanguage, type Language } from './languages.ts';

interface MailText {
  readonly subject: string;
  readonly body: (name: string, link: string) => string;
}

/** What Chirp writes to somebody who forgot the password. */
const resetMails: Readonly<Record<Language, MailText>> = {
  en: {
    subject: 'Choose a new Chirp password',
    body: (name, link) =>
      `Hello ${name},\n\nsomebody asked for a new password for your Chirp account. To choose one, open this page within an hour:\n\n${link}\n\nIf it was not you, leave it: nothing changes.\n\nChirp\n`,
  },
  de: {
    subject: 'Neues Passwort für Chirp wählen',
    body: (name, link) =>
      `Hallo ${name},\n\njemand hat für dein Chirp-Konto ein neues Passwort angefordert. Um eines zu wählen, öffne innerhalb einer Stunde diese Seite:\n\n${link}\n\nWarst du das nicht, dann tu nichts: Es ändert sich nichts.\n\nChirp\n`,
  },
  es: {
    subject: 'Elige una nueva contraseña de Chirp',
    body: (name, link) =>
      `Hola, ${name}:\n\nalguien ha pedido una contraseña nueva para tu cuenta de Chirp. Para elegirla, abre esta página antes de una hora:\n\n${link}\n\nSi no has sido tú, no hagas nada: no cambia nada.\n\nChirp\n`,
  },
  ja: {
    subject: 'Chirpの新しいパスワードを設定してください',
    body: (name, link) =>
      `${name} さん\n\nChirpアカウントのパスワード再設定の申し込みがありました。1時間以内に次のページを開いて、新しいパスワードを設定してください。\n\n${link}\n\nお心当たりがない場合は、何もする必要はありません。\n\nChirp\n`,
  },
};

/** More mails than this at once means that the mail server is stuck: the next one is refused, not piled up. */
const maxMailsInFlight = 200;
/** A mail server that is silent this long is down; the reader asks again. */
const smtpTimeoutMs = 10_000;

export interface Mailer {
  sendResetLink(
    to: { readonly address: string; readonly name: string; readonly language: unknown },
    link: string,
  ): Promise<void>;
  close(): void;
}

export function makeMailer(smtpUrl: string, from: string): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: smtpTimeoutMs,
    greetingTimeout: smtpTimeoutMs,
    socketTimeout: smtpTimeoutMs,
  });
  let inFlight = 0;

  return {
    async sendResetLink(to, link) {
      if (inFlight >= maxMailsInFlight)
        throw new Error(`${maxMailsInFlight} mails are already waiting for the mail server`);
      inFlight += 1;
      try {
        const text = resetMails[isLanguage(to.language) ? to.language : 'en'];
        await transport.sendMail({
          from,
          to: { name: to.name, address: to.address },
          subject: text.subject,
          text: text.body(to.name, link),
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        // Without the cause: a mail server's answer quotes the address.
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
        throw new Error(`the mail server did not take a reset mail (${code})`);
      } finally {
        inFlight -= 1;
      }
    },
    close() {
      transport.close();
    },
  };
}

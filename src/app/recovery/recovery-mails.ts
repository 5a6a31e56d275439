import { chooseLanguage } from '../notice/choose-language.ts';
import type { HolderMail, MailPart } from '../ports/holder-mailer.ts';

/** What every mail of recovery says beside its code: the service's own words, and no word of its holder's. */
interface MailFacts {
  readonly service: string;
  readonly contact: string;
  readonly url: string;
}

interface RecoveryMailWords {
  readonly code: { readonly subject: string; readonly before: string; readonly after: readonly string[] };
  readonly wait: (hours: number) => string;
  readonly waiting: {
    readonly subject: string;
    readonly before: (opensAt: string) => readonly string[];
    readonly after: readonly string[];
  };
  readonly done: { readonly subject: string; readonly text: (at: string) => readonly string[] };
}

const words: Readonly<Record<string, (facts: MailFacts) => RecoveryMailWords>> = {
  en: ({ service, contact, url }) => ({
    code: {
      subject: `Your code for a new password at ${service}`,
      before: `Somebody, we hope you, wants to choose a new password for your account at ${service}. This is the code:`,
      after: [
        'Type it on the page on which you asked for it, within 30 minutes. It works once, and in that browser only.',
        `Give it to nobody. ${service} never asks for it by mail or by phone.`,
        'If it was not you: do nothing. Without this code nothing changes.',
      ],
    },
    wait: (hours) =>
      `We cannot be sure that this mailbox is still yours alone. So a new password can be chosen ${hours} hours after the code was typed, and we write to every address that we know before that.`,
    waiting: {
      subject: `A new password at ${service} is waiting`,
      before: (opensAt) => [
        `Somebody typed the code that we had sent, and can choose a new password for your account at ${service} from ${opensAt} on, in the same browser.`,
        `If that is you, you only have to wait. If it is not you, stop it now: open ${url}/stop and type this code:`,
      ],
      after: [`If anything is unclear, ask a person: ${contact}`],
    },
    done: {
      subject: `You have a new password at ${service}`,
      text: (at) => [
        `A new password was chosen for your account at ${service} on ${at}. Everybody who was signed in was signed out; sign in with the new one.`,
        `If that was not you, tell us at once: ${contact}`,
      ],
    },
  }),
  de: ({ service, contact, url }) => ({
    code: {
      subject: `Ihr Code für ein neues Passwort bei ${service}`,
      before: `Jemand, hoffentlich Sie, möchte ein neues Passwort für Ihr Konto bei ${service} festlegen. Das ist der Code:`,
      after: [
        'Geben Sie ihn innerhalb von 30 Minuten auf der Seite ein, auf der Sie ihn angefordert haben. Er gilt einmal und nur in diesem Browser.',
        `Geben Sie ihn niemandem. ${service} fragt nie per Mail oder Telefon danach.`,
        'Waren Sie es nicht, dann tun Sie nichts. Ohne diesen Code ändert sich nichts.',
      ],
    },
    wait: (hours) =>
      `Wir können nicht sicher sein, dass dieses Postfach noch Ihnen allein gehört. Ein neues Passwort lässt sich deshalb erst ${hours} Stunden nach der Eingabe des Codes festlegen, und vorher schreiben wir an jede Adresse, die wir kennen.`,
    waiting: {
      subject: `Ein neues Passwort bei ${service} wartet`,
      before: (opensAt) => [
        `Jemand hat den Code eingegeben, den wir geschickt hatten, und kann ab ${opensAt} im selben Browser ein neues Passwort für Ihr Konto bei ${service} festlegen.`,
        `Sind Sie das, müssen Sie nur warten. Sind Sie es nicht, halten Sie es jetzt auf: Öffnen Sie ${url}/stop und geben Sie diesen Code ein:`,
      ],
      after: [`Ist etwas unklar, fragen Sie einen Menschen: ${contact}`],
    },
    done: {
      subject: `Sie haben ein neues Passwort bei ${service}`,
      text: (at) => [
        `Für Ihr Konto bei ${service} wurde am ${at} ein neues Passwort festgelegt. Alle, die angemeldet waren, wurden abgemeldet; melden Sie sich mit dem neuen an.`,
        `Waren Sie es nicht, sagen Sie es uns sofort: ${contact}`,
      ],
    },
  }),
  es: ({ service, contact, url }) => ({
    code: {
      subject: `Su código para una contraseña nueva en ${service}`,
      before: `Alguien, esperamos que usted, quiere elegir una contraseña nueva para su cuenta en ${service}. Este es el código:`,
      after: [
        'Escríbalo en la página en la que lo pidió, en un plazo de 30 minutos. Sirve una vez y solo en ese navegador.',
        `No se lo dé a nadie. ${service} nunca lo pide por correo ni por teléfono.`,
        'Si no fue usted, no haga nada. Sin este código no cambia nada.',
      ],
    },
    wait: (hours) =>
      `No podemos estar seguros de que este buzón siga siendo solo suyo. Por eso se puede elegir una contraseña nueva ${hours} horas después de escribir el código, y antes escribimos a todas las direcciones que conocemos.`,
    waiting: {
      subject: `Una contraseña nueva en ${service} está a la espera`,
      before: (opensAt) => [
        `Alguien escribió el código que enviamos y podrá elegir una contraseña nueva para su cuenta en ${service} a partir del ${opensAt}, en el mismo navegador.`,
        `Si es usted, solo tiene que esperar. Si no lo es, deténgalo ahora: abra ${url}/stop y escriba este código:`,
      ],
      after: [`Si algo no está claro, pregunte a una persona: ${contact}`],
    },
    done: {
      subject: `Tiene una contraseña nueva en ${service}`,
      text: (at) => [
        `Se eligió una contraseña nueva para su cuenta en ${service} el ${at}. Se cerró la sesión de todos los que la tenían abierta; inicie sesión con la nueva.`,
        `Si no fue usted, díganoslo enseguida: ${contact}`,
      ],
    },
  }),
  ja: ({ service, contact, url }) => ({
    code: {
      subject: `${service} の新しいパスワード用コード`,
      before: `${service} のアカウントに新しいパスワードを設定するための申し込みがありました。コードは次のとおりです。`,
      after: [
        'お申し込みになったページで、三十分以内に入力してください。一度だけ、そのブラウザーでのみ使えます。',
        `誰にも教えないでください。${service} がメールや電話でお尋ねすることはありません。`,
        'お心当たりがなければ、何もしないでください。このコードがなければ何も変わりません。',
      ],
    },
    wait: (hours) =>
      `このメールボックスがお客様だけのものかどうか確かでないため、新しいパスワードはコードの入力から ${hours} 時間後に設定できます。その前に、当方が知るすべてのアドレスにお知らせします。`,
    waiting: {
      subject: `${service} の新しいパスワードが保留されています`,
      before: (opensAt) => [
        `お送りしたコードが入力されました。${opensAt} 以降、同じブラウザーで ${service} のアカウントの新しいパスワードを設定できるようになります。`,
        `ご本人であれば、お待ちいただくだけで結構です。そうでなければ、今すぐ止めてください。${url}/stop を開き、次のコードを入力してください。`,
      ],
      after: [`ご不明な点は担当者にお尋ねください: ${contact}`],
    },
    done: {
      subject: `${service} の新しいパスワードが設定されました`,
      text: (at) => [
        `${at} に、${service} のアカウントの新しいパスワードが設定されました。ログイン中の方はすべてログアウトされました。新しいパスワードでログインしてください。`,
        `お心当たりがなければ、すぐにご連絡ください: ${contact}`,
      ],
    },
  }),
};

interface Letter extends MailFacts {
  readonly to: string;
  readonly language: string | null;
  readonly reference: string;
}

export function codeMail(letter: Letter, code: string, waitHours: number | null): HolderMail {
  return mailOf(letter, ({ code: said, wait }) => ({
    subject: said.subject,
    parts: [
      { text: said.before },
      { code },
      ...(waitHours === null ? [] : [{ text: wait(waitHours) }]),
      ...said.after.map((text) => ({ text })),
    ],
  }));
}

export function waitingMail(letter: Letter, revokeCode: string, opensAt: Date): HolderMail {
  return mailOf(letter, ({ waiting }, language) => ({
    subject: waiting.subject,
    parts: [
      ...waiting.before(timeIn(language, opensAt)).map((text) => ({ text })),
      { code: revokeCode },
      ...waiting.after.map((text) => ({ text })),
    ],
  }));
}

export function doneMail(letter: Letter, at: Date): HolderMail {
  return mailOf(letter, ({ done }, language) => ({
    subject: done.subject,
    parts: done.text(timeIn(language, at)).map((text) => ({ text })),
  }));
}

function mailOf(
  letter: Letter,
  write: (
    said: RecoveryMailWords,
    language: string,
  ) => { readonly subject: string; readonly parts: readonly MailPart[] },
): HolderMail {
  const { language } = chooseLanguage(letter.language, Object.keys(words));
  const said = words[language];
  if (said === undefined) throw new Error(`no words in ${language}`);
  return { to: letter.to, reference: letter.reference, language, ...write(said(letter), language) };
}

/** To the minute, in UTC and saying so: we do not know where the reader is. */
export function timeIn(language: string, at: Date): string {
  return new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(at);
}

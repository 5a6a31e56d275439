import { chooseLanguage } from '../notice/choose-language.ts';
import type { HolderMail } from '../ports/holder-mailer.ts';
import { timeIn } from '../recovery/recovery-mails.ts';
import type { StatusEntry } from './status-entry.ts';

interface Letter {
  readonly to: string;
  readonly language: string | null;
  readonly service: string;
  readonly contact: string;
  readonly checkUrl: string;
  readonly recoverUrl: string | null;
}

interface StatusWords {
  readonly subject: string;
  readonly asked: string;
  readonly notAffected: string;
  readonly what: Readonly<Record<StatusEntry['what'], (at: string) => string>>;
  readonly number: (number: string, url: string) => string;
  readonly backIn: (url: string) => string;
  readonly someTime: string;
  readonly person: string;
}

const words: Readonly<Record<string, (letter: Letter) => StatusWords>> = {
  en: ({ service, contact }) => ({
    subject: `What was done to your account at ${service}`,
    asked: `Somebody, we hope you, asked on our page whether your account at ${service} is affected. Only you get this answer.`,
    notAffected:
      'You were not affected. By our records we took no password of yours out of use, signed you out of nothing, and sent you no notice. You do not have to do anything.',
    what: {
      taken: (at) => `On ${at} we took the password of your account out of use. It is out of use still.`,
      'given-back': (at) =>
        `On ${at} we took the password of your account out of use. We have given it back since: the old one works.`,
      'own-password': (at) =>
        `On ${at} we took the password of your account out of use. A new one was chosen since, and it works.`,
      closed: (at) =>
        `On ${at} we took the password of your account out of use. It cannot be given back any more; choose a new one if you have not done so.`,
      'signed-out': (at) => `On ${at} we signed you out everywhere. Your password was left as it is.`,
      told: () => 'We sent you a notice. Nothing was done to your password.',
      suspended: (at) =>
        `On ${at} we suspended your account. It is suspended still; nothing of it is deleted, and the notice says until when. You may ask a person to look again, with the number of the notice, on the page where it is checked.`,
      reinstated: (at) => `On ${at} we suspended your account. That was wrong, and we have let you back in since.`,
      lapsed: (at) => `On ${at} we suspended your account. That is over: you can sign in as always.`,
      'no-longer-by-us': (at) =>
        `On ${at} we suspended your account. That suspension no longer stands; if you cannot sign in, please ask us.`,
    },
    number: (number, url) => `Our notice to you has the number ${number}. What it said can be checked at ${url}`,
    backIn: (url) => `You choose a new password at ${url}`,
    someTime: 'some day',
    person: `If anything is unclear, ask a person: ${contact}`,
  }),
  de: ({ service, contact }) => ({
    subject: `Was mit Ihrem Konto bei ${service} geschehen ist`,
    asked: `Jemand, hoffentlich Sie, hat auf unserer Seite gefragt, ob Ihr Konto bei ${service} betroffen ist. Diese Antwort bekommen nur Sie.`,
    notAffected:
      'Sie waren nicht betroffen. Nach unseren Aufzeichnungen haben wir kein Passwort von Ihnen außer Gebrauch genommen, Sie nirgends abgemeldet und Ihnen keine Nachricht geschickt. Sie müssen nichts tun.',
    what: {
      taken: (at) => `Am ${at} haben wir das Passwort Ihres Kontos außer Gebrauch genommen. Das ist noch so.`,
      'given-back': (at) =>
        `Am ${at} haben wir das Passwort Ihres Kontos außer Gebrauch genommen. Wir haben es seitdem zurückgegeben: Das alte gilt.`,
      'own-password': (at) =>
        `Am ${at} haben wir das Passwort Ihres Kontos außer Gebrauch genommen. Seitdem wurde ein neues festgelegt, und das gilt.`,
      closed: (at) =>
        `Am ${at} haben wir das Passwort Ihres Kontos außer Gebrauch genommen. Es lässt sich nicht mehr zurückgeben; legen Sie ein neues fest, wenn Sie es noch nicht getan haben.`,
      'signed-out': (at) => `Am ${at} haben wir Sie überall abgemeldet. Ihr Passwort blieb, wie es ist.`,
      told: () => 'Wir haben Ihnen eine Nachricht geschickt. Mit Ihrem Passwort ist nichts geschehen.',
      suspended: (at) =>
        `Am ${at} haben wir Ihr Konto gesperrt. Das ist noch so; nichts davon wird gelöscht, und in der Nachricht steht, bis wann. Mit der Nummer der Nachricht können Sie auf der Seite, auf der man sie prüft, einen Menschen bitten, noch einmal hinzusehen.`,
      reinstated: (at) =>
        `Am ${at} haben wir Ihr Konto gesperrt. Das war falsch, und wir haben es seitdem wieder geöffnet.`,
      lapsed: (at) => `Am ${at} haben wir Ihr Konto gesperrt. Das ist vorbei: Sie können sich anmelden wie immer.`,
      'no-longer-by-us': (at) =>
        `Am ${at} haben wir Ihr Konto gesperrt. Diese Sperre gilt nicht mehr; können Sie sich nicht anmelden, fragen Sie uns bitte.`,
    },
    number: (number, url) =>
      `Unsere Nachricht an Sie hat die Nummer ${number}. Was darin stand, lässt sich prüfen unter ${url}`,
    backIn: (url) => `Ein neues Passwort legen Sie fest unter ${url}`,
    someTime: 'einem früheren Tag',
    person: `Ist etwas unklar, fragen Sie einen Menschen: ${contact}`,
  }),
  es: ({ service, contact }) => ({
    subject: `Qué ha pasado con su cuenta en ${service}`,
    asked: `Alguien, esperamos que usted, preguntó en nuestra página si su cuenta en ${service} está afectada. Esta respuesta solo la recibe usted.`,
    notAffected:
      'No se ha visto afectado. Según nuestros registros no hemos retirado ninguna contraseña suya, no hemos cerrado ninguna sesión suya ni le hemos enviado ningún aviso. No tiene que hacer nada.',
    what: {
      taken: (at) => `El ${at} retiramos la contraseña de su cuenta. Sigue retirada.`,
      'given-back': (at) =>
        `El ${at} retiramos la contraseña de su cuenta. Desde entonces se la hemos devuelto: la antigua funciona.`,
      'own-password': (at) =>
        `El ${at} retiramos la contraseña de su cuenta. Desde entonces se eligió una nueva, y funciona.`,
      closed: (at) =>
        `El ${at} retiramos la contraseña de su cuenta. Ya no se puede devolver; elija una nueva si aún no lo ha hecho.`,
      'signed-out': (at) => `El ${at} cerramos su sesión en todas partes. Su contraseña quedó como estaba.`,
      told: () => 'Le enviamos un aviso. A su contraseña no le ha pasado nada.',
      suspended: (at) =>
        `El ${at} suspendimos su cuenta. Sigue suspendida; no se borra nada de ella, y el aviso dice hasta cuándo. Con el número del aviso puede pedir que una persona lo mire de nuevo, en la página donde se comprueba.`,
      reinstated: (at) => `El ${at} suspendimos su cuenta. Fue un error, y desde entonces la hemos abierto de nuevo.`,
      lapsed: (at) => `El ${at} suspendimos su cuenta. Eso ha terminado: puede iniciar sesión como siempre.`,
      'no-longer-by-us': (at) =>
        `El ${at} suspendimos su cuenta. Esa suspensión ya no está en pie; si no puede iniciar sesión, pregúntenos.`,
    },
    number: (number, url) => `Nuestro aviso tiene el número ${number}. Lo que decía puede comprobarse en ${url}`,
    backIn: (url) => `La contraseña nueva se elige en ${url}`,
    someTime: 'un día anterior',
    person: `Si algo no está claro, pregunte a una persona: ${contact}`,
  }),
  ja: ({ service, contact }) => ({
    subject: `${service} のアカウントについて行われたこと`,
    asked: `${service} のアカウントが対象かどうか、当方のページでお尋ねがありました。この回答はお客様だけにお送りしています。`,
    notAffected:
      'お客様は対象ではありません。記録上、パスワードの使用停止もログアウトも行っておらず、お知らせもお送りしていません。何もしていただく必要はありません。',
    what: {
      taken: (at) => `${at} に、アカウントのパスワードを使用停止にしました。現在も停止中です。`,
      'given-back': (at) =>
        `${at} に、アカウントのパスワードを使用停止にしました。その後お戻しし、以前のパスワードが使えます。`,
      'own-password': (at) =>
        `${at} に、アカウントのパスワードを使用停止にしました。その後新しいものが設定され、それが使えます。`,
      closed: (at) =>
        `${at} に、アカウントのパスワードを使用停止にしました。元に戻すことはできません。まだの場合は新しいものを設定してください。`,
      'signed-out': (at) => `${at} に、すべての場所からログアウトしました。パスワードはそのままです。`,
      told: () => 'お知らせをお送りしました。パスワードには何も行っていません。',
      suspended: (at) =>
        `${at} に、アカウントを停止しました。現在も停止中ですが、何も削除されません。いつまでかはお知らせに書かれています。お知らせの番号があれば、それを確認するページで担当者による再確認をお求めいただけます。`,
      reinstated: (at) =>
        `${at} に、アカウントを停止しました。これは誤りでしたので、その後またお使いいただけるようにしました。`,
      lapsed: (at) => `${at} に、アカウントを停止しました。停止は終わり、いつものとおりログインできます。`,
      'no-longer-by-us': (at) =>
        `${at} に、アカウントを停止しました。その停止はもう有効ではありません。ログインできない場合はお尋ねください。`,
    },
    number: (number, url) => `お知らせの番号は ${number} です。内容はこちらで確認できます: ${url}`,
    backIn: (url) => `新しいパスワードの設定はこちらです: ${url}`,
    someTime: '以前',
    person: `ご不明な点は担当者にお尋ねください: ${contact}`,
  }),
};

/** What was done to one account, newest first; without any entry, that nothing was. */
export function statusMail(letter: Letter, entries: readonly StatusEntry[]): HolderMail {
  const { language } = chooseLanguage(letter.language, Object.keys(words));
  const said = words[language]?.(letter);
  if (said === undefined) throw new Error(`no words in ${language}`);
  const { recoverUrl } = letter;
  const isOut = entries.some(({ what }) => what === 'taken' || what === 'closed');
  const texts = [
    said.asked,
    ...(entries.length === 0 ? [said.notAffected] : []),
    ...entries.flatMap(({ what, at, number }) => [
      said.what[what](at === null ? said.someTime : timeIn(language, at)),
      ...(number === null ? [] : [said.number(number, letter.checkUrl)]),
    ]),
    ...(isOut && recoverUrl !== null ? [said.backIn(recoverUrl)] : []),
    said.person,
  ];
  return {
    to: letter.to,
    reference: 'status-answer',
    language,
    subject: said.subject,
    parts: texts.map((text) => ({ text })),
  };
}

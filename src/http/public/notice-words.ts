import type { PageLanguage } from './page-language.ts';

/**
 * The words of the page about a notice number. It never says that a mail is genuine: whoever sends a false one can copy
 * a number that exists. It says nothing of whether this number exists (I18).
 */
export interface NoticeWords {
  readonly languageName: string;
  readonly title: string;
  readonly heading: string;
  readonly numberLabel: string;
  readonly provesNothing: string;
  readonly howToCheck: string;
  readonly steps: readonly string[];
  readonly doubt: string;
  readonly doubtText: string;
  readonly button: string;
  readonly changesNothing: string;
  readonly thanks: string;
  readonly thanksText: string;
  readonly back: string;
  readonly tryLater: string;
  readonly tooMany: string;
  readonly notTaken: string;
  readonly noNumber: string;
  readonly noNumberText: string;
}

/** `service` is the name as holders know it. */
export const noticeWords: Readonly<Record<PageLanguage, (service: string) => NoticeWords>> = {
  en: (service) => ({
    languageName: 'English',
    title: `Check a notice from ${service}`,
    heading: 'You have a notice with this number?',
    numberLabel: 'Notice number',
    provesNothing:
      'A number proves nothing by itself: anybody can copy one into a false mail. This page does not tell whether a notice with this number was sent, nor to whom.',
    howToCheck: 'How to check what it says',
    steps: [
      `Do not use the links or phone numbers in the mail. Type the address of ${service} into your browser yourself, or open the app that you always use.`,
      'Sign in there as you always do. If your old password is refused, choose “Forgot password” there, and pick a new one.',
      `Give your password or a code to nobody. ${service} never asks for them by mail or by phone.`,
    ],
    doubt: 'Do you think that the notice is wrong?',
    doubtText:
      'Tell us with one press. Every press counts as a doubt about the notice; a few doubts are enough for us to stop and look.',
    button: 'This is not right',
    changesNothing: 'This changes nothing in any account, and it unlocks nothing.',
    thanks: 'Thank you for telling us',
    thanksText:
      'Your doubt was taken. If we sent a notice with this number, the doubt now counts against it. Nothing in any account was changed.',
    back: 'Back to how to check a notice',
    tryLater: 'Please press again in a minute',
    tooMany: 'Too many presses come from your network just now. This one was not taken.',
    notTaken: 'We could not take your doubt just now. This is our fault, not yours.',
    noNumber: 'This is not a whole notice number',
    noNumberText:
      'A notice number has four groups of four characters, and one more character at the end. Please compare it with your notice.',
  }),
  de: (service) => ({
    languageName: 'Deutsch',
    title: `Eine Nachricht von ${service} prüfen`,
    heading: 'Sie haben eine Nachricht mit dieser Nummer?',
    numberLabel: 'Nummer der Nachricht',
    provesNothing:
      'Eine Nummer allein beweist nichts: Jeder kann sie in eine gefälschte Mail kopieren. Diese Seite verrät nicht, ob eine Nachricht mit dieser Nummer verschickt wurde, und auch nicht, an wen.',
    howToCheck: 'So prüfen Sie, was darin steht',
    steps: [
      `Benutzen Sie keine Links oder Telefonnummern aus der Mail. Geben Sie die Adresse von ${service} selbst in den Browser ein, oder öffnen Sie die App, die Sie immer benutzen.`,
      'Melden Sie sich dort an wie immer. Wird Ihr altes Passwort abgelehnt, wählen Sie dort „Passwort vergessen“ und legen ein neues fest.',
      `Geben Sie niemandem Ihr Passwort oder einen Code. ${service} fragt nie danach, weder per Mail noch am Telefon.`,
    ],
    doubt: 'Halten Sie die Nachricht für falsch?',
    doubtText:
      'Sagen Sie es uns mit einem Druck auf den Knopf. Jeder Druck zählt als Zweifel an der Nachricht; schon wenige Zweifel lassen uns anhalten und nachsehen.',
    button: 'Das stimmt nicht',
    changesNothing: 'Das ändert nichts an irgendeinem Konto und entsperrt nichts.',
    thanks: 'Danke für Ihren Hinweis',
    thanksText:
      'Ihr Zweifel ist angekommen. Falls wir eine Nachricht mit dieser Nummer verschickt haben, zählt er jetzt gegen sie. An keinem Konto wurde etwas geändert.',
    back: 'Zurück zur Prüfung einer Nachricht',
    tryLater: 'Bitte drücken Sie in einer Minute noch einmal',
    tooMany: 'Aus Ihrem Netz kommen gerade zu viele Meldungen. Diese wurde nicht angenommen.',
    notTaken: 'Wir konnten Ihren Zweifel gerade nicht annehmen. Das ist unser Fehler, nicht Ihrer.',
    noNumber: 'Das ist keine vollständige Nummer',
    noNumberText:
      'Die Nummer einer Nachricht hat vier Gruppen zu vier Zeichen und am Ende ein weiteres Zeichen. Bitte vergleichen Sie sie mit Ihrer Nachricht.',
  }),
  es: (service) => ({
    languageName: 'Español',
    title: `Comprobar un aviso de ${service}`,
    heading: '¿Tiene un aviso con este número?',
    numberLabel: 'Número del aviso',
    provesNothing:
      'Un número no demuestra nada por sí solo: cualquiera puede copiarlo en un correo falso. Esta página no dice si se envió un aviso con este número, ni a quién.',
    howToCheck: 'Cómo comprobar lo que dice',
    steps: [
      `No use los enlaces ni los teléfonos del correo. Escriba usted la dirección de ${service} en el navegador, o abra la aplicación que usa siempre.`,
      'Inicie sesión allí como siempre. Si se rechaza su contraseña antigua, elija allí «He olvidado mi contraseña» y cree una nueva.',
      `No dé a nadie su contraseña ni un código. ${service} nunca los pide por correo ni por teléfono.`,
    ],
    doubt: '¿Cree que el aviso está equivocado?',
    doubtText:
      'Díganoslo con una sola pulsación. Cada una cuenta como una duda sobre el aviso; unas pocas dudas bastan para que paremos y lo revisemos.',
    button: 'Esto no es correcto',
    changesNothing: 'Esto no cambia nada en ninguna cuenta ni desbloquea nada.',
    thanks: 'Gracias por decírnoslo',
    thanksText:
      'Hemos recibido su duda. Si enviamos un aviso con este número, ahora cuenta en su contra. No se ha cambiado nada en ninguna cuenta.',
    back: 'Volver a cómo comprobar un aviso',
    tryLater: 'Vuelva a pulsar dentro de un minuto',
    tooMany: 'Llegan demasiadas pulsaciones desde su red en este momento. Esta no se ha recogido.',
    notTaken: 'No hemos podido recoger su duda en este momento. El fallo es nuestro, no suyo.',
    noNumber: 'Este no es un número de aviso completo',
    noNumberText:
      'El número de un aviso tiene cuatro grupos de cuatro caracteres y un carácter más al final. Compárelo con su aviso.',
  }),
  ja: (service) => ({
    languageName: '日本語',
    title: `${service} からのお知らせを確認する`,
    heading: 'この番号のお知らせを受け取りましたか',
    numberLabel: 'お知らせ番号',
    provesNothing:
      '番号だけでは何の証明にもなりません。番号は誰でも偽のメールに写すことができます。このページは、この番号のお知らせが送られたかどうか、誰に送られたかをお答えしません。',
    howToCheck: '内容の確認のしかた',
    steps: [
      `メールの中のリンクや電話番号は使わないでください。${service} のアドレスをご自分でブラウザーに入力するか、いつものアプリを開いてください。`,
      'いつものとおりにログインしてください。以前のパスワードが使えないときは、そこで「パスワードを忘れた場合」を選び、新しいパスワードを決めてください。',
      `パスワードやコードを誰にも教えないでください。${service} がメールや電話でおたずねすることはありません。`,
    ],
    doubt: 'お知らせが間違っていると思いますか',
    doubtText:
      'ボタンを一度押してお知らせください。押していただくたびに、このお知らせへの疑問として数えます。わずかな数でも、送信を止めて確認します。',
    button: 'これは正しくありません',
    changesNothing: 'どのアカウントも変更されず、ロックも解除されません。',
    thanks: 'ご連絡ありがとうございます',
    thanksText:
      '疑問を受け付けました。この番号のお知らせを当方が送っていた場合、そのお知らせへの疑問として数えます。どのアカウントも変更していません。',
    back: 'お知らせの確認のしかたに戻る',
    tryLater: '一分ほどたってから、もう一度押してください',
    tooMany: 'お使いのネットワークからの送信が多すぎるため、今回は受け付けられませんでした。',
    notTaken: '当方の不具合により、今回は受け付けられませんでした。',
    noNumber: '番号が完全ではありません',
    noNumberText: 'お知らせ番号は、四文字ずつの四つの組と、最後の一文字からなります。お知らせと見比べてください。',
  }),
};

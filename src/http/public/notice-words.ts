import type { PageLanguage } from './page-language.ts';

/**
 * The words around the form and the button. They never say that a mail is what it claims to be: whoever sends a false one
 * can copy a number that exists.
 */
export interface NoticeWords {
  readonly title: string;
  readonly heading: string;
  readonly numberLabel: string;
  readonly numberHint: string;
  readonly addressLabel: string;
  readonly checkButton: string;
  readonly provesNothing: string;
  readonly getBackIn: string;
  readonly steps: readonly string[];
  /** In place of the second, where we host recovery: the service need not have a page for it. */
  readonly hostedStep: string;
  readonly recoveryLink: string;
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
}

/** `service` is the name as holders know it. */
export const noticeWords: Readonly<Record<PageLanguage, (service: string) => NoticeWords>> = {
  en: (service) => ({
    title: `Check a notice from ${service}`,
    heading: 'Check a notice',
    numberLabel: 'Notice number',
    numberHint: 'It stands in the mail. Hyphens and capitals do not matter.',
    addressLabel: 'Mail address at which you got it',
    checkButton: 'Show what we sent',
    provesNothing:
      'A number proves nothing by itself: anybody can copy one into a false mail. So we show what we sent under it to your address, and you compare.',
    getBackIn: 'If you cannot sign in',
    steps: [
      `Open ${service} yourself: type its address into your browser, or use the app that you always use.`,
      'If your old password is refused, choose “Forgot password” there and set a new one.',
      `Give your password or a code to nobody. ${service} never asks for them by mail or by phone.`,
    ],
    hostedStep: 'If your old password is refused there, choose a new one on our page: the link stands below.',
    recoveryLink: `“Forgot password” at ${service}`,
    doubt: 'Do you think that the notice is wrong?',
    doubtText:
      'Tell us with one press. Every press counts as a doubt about the notice; a few doubts are enough for us to stop and look.',
    button: 'This is not right',
    changesNothing: 'This changes nothing in any account, and it unlocks nothing.',
    thanks: 'Thank you for telling us',
    thanksText:
      'Your doubt was taken. If we sent a notice with this number, the doubt now counts against it. Nothing in any account was changed.',
    back: 'Back to the notice',
    tryLater: 'Please press again in a minute',
    tooMany: 'Too many presses come from your network just now. This one was not taken.',
    notTaken: 'We could not take your doubt just now. This is our fault, not yours.',
  }),
  de: (service) => ({
    title: `Eine Nachricht von ${service} prüfen`,
    heading: 'Eine Nachricht prüfen',
    numberLabel: 'Nummer der Nachricht',
    numberHint: 'Sie steht in der Mail. Bindestriche und Großschreibung sind egal.',
    addressLabel: 'Mailadresse, an der sie ankam',
    checkButton: 'Zeigen, was wir geschickt haben',
    provesNothing:
      'Eine Nummer allein beweist nichts: Jeder kann sie in eine gefälschte Mail kopieren. Deshalb zeigen wir, was wir unter dieser Nummer an Ihre Adresse geschickt haben, und Sie vergleichen.',
    getBackIn: 'Wenn Sie sich nicht anmelden können',
    steps: [
      `Öffnen Sie ${service} selbst: Geben Sie die Adresse in den Browser ein, oder benutzen Sie die App wie immer.`,
      'Wird Ihr altes Passwort abgelehnt, wählen Sie dort „Passwort vergessen“ und legen ein neues fest.',
      `Geben Sie niemandem Ihr Passwort oder einen Code. ${service} fragt nie danach, weder per Mail noch am Telefon.`,
    ],
    hostedStep:
      'Wird Ihr altes Passwort dort abgelehnt, legen Sie auf unserer Seite ein neues fest: Der Link steht unten.',
    recoveryLink: `„Passwort vergessen“ bei ${service}`,
    doubt: 'Halten Sie die Nachricht für falsch?',
    doubtText:
      'Sagen Sie es uns mit einem Druck auf den Knopf. Jeder Druck zählt als Zweifel an der Nachricht; schon wenige Zweifel lassen uns anhalten und nachsehen.',
    button: 'Das stimmt nicht',
    changesNothing: 'Das ändert nichts an irgendeinem Konto und entsperrt nichts.',
    thanks: 'Danke für Ihren Hinweis',
    thanksText:
      'Ihr Zweifel ist angekommen. Falls wir eine Nachricht mit dieser Nummer verschickt haben, zählt er jetzt gegen sie. An keinem Konto wurde etwas geändert.',
    back: 'Zurück zur Nachricht',
    tryLater: 'Bitte drücken Sie in einer Minute noch einmal',
    tooMany: 'Aus Ihrem Netz kommen gerade zu viele Meldungen. Diese wurde nicht angenommen.',
    notTaken: 'Wir konnten Ihren Zweifel gerade nicht annehmen. Das ist unser Fehler, nicht Ihrer.',
  }),
  es: (service) => ({
    title: `Comprobar un aviso de ${service}`,
    heading: 'Comprobar un aviso',
    numberLabel: 'Número del aviso',
    numberHint: 'Está en el correo. No importan los guiones ni las mayúsculas.',
    addressLabel: 'Dirección de correo en la que lo recibió',
    checkButton: 'Mostrar lo que enviamos',
    provesNothing:
      'Un número no demuestra nada por sí solo: cualquiera puede copiarlo en un correo falso. Por eso mostramos lo que enviamos con él a su dirección, y usted lo compara.',
    getBackIn: 'Si no puede iniciar sesión',
    steps: [
      `Abra ${service} usted mismo: escriba su dirección en el navegador o use la aplicación de siempre.`,
      'Si se rechaza su contraseña antigua, elija allí «He olvidado mi contraseña» y cree una nueva.',
      `No dé a nadie su contraseña ni un código. ${service} nunca los pide por correo ni por teléfono.`,
    ],
    hostedStep: 'Si allí se rechaza su contraseña antigua, elija una nueva en nuestra página: el enlace está abajo.',
    recoveryLink: `«He olvidado mi contraseña» en ${service}`,
    doubt: '¿Cree que el aviso está equivocado?',
    doubtText:
      'Díganoslo con una sola pulsación. Cada una cuenta como una duda sobre el aviso; unas pocas dudas bastan para que paremos y lo revisemos.',
    button: 'Esto no es correcto',
    changesNothing: 'Esto no cambia nada en ninguna cuenta ni desbloquea nada.',
    thanks: 'Gracias por decírnoslo',
    thanksText:
      'Hemos recibido su duda. Si enviamos un aviso con este número, ahora cuenta en su contra. No se ha cambiado nada en ninguna cuenta.',
    back: 'Volver al aviso',
    tryLater: 'Vuelva a pulsar dentro de un minuto',
    tooMany: 'Llegan demasiadas pulsaciones desde su red en este momento. Esta no se ha recogido.',
    notTaken: 'No hemos podido recoger su duda en este momento. El fallo es nuestro, no suyo.',
  }),
  ja: (service) => ({
    title: `${service} からのお知らせを確認する`,
    heading: 'お知らせを確認する',
    numberLabel: 'お知らせ番号',
    numberHint: 'メールに書いてあります。ハイフンや大文字・小文字の違いは問いません。',
    addressLabel: 'お知らせが届いたメールアドレス',
    checkButton: '送った内容を表示する',
    provesNothing:
      '番号だけでは何の証明にもなりません。番号は誰でも偽のメールに写すことができます。そのため、この番号でお客様のアドレスに送った内容をお見せします。お手元のメールと見比べてください。',
    getBackIn: 'ログインできないとき',
    steps: [
      `${service} をご自分で開いてください。アドレスをブラウザーに入力するか、いつものアプリをお使いください。`,
      '以前のパスワードが使えないときは、そこで「パスワードを忘れた場合」を選び、新しいパスワードを決めてください。',
      `パスワードやコードを誰にも教えないでください。${service} がメールや電話でおたずねすることはありません。`,
    ],
    hostedStep:
      'そこで以前のパスワードが使えないときは、下のリンクから当方のページで新しいパスワードを決めてください。',
    recoveryLink: `${service} の「パスワードを忘れた場合」`,
    doubt: 'お知らせが間違っていると思いますか',
    doubtText:
      'ボタンを一度押してお知らせください。押していただくたびに、このお知らせへの疑問として数えます。わずかな数でも、送信を止めて確認します。',
    button: 'これは正しくありません',
    changesNothing: 'どのアカウントも変更されず、ロックも解除されません。',
    thanks: 'ご連絡ありがとうございます',
    thanksText:
      '疑問を受け付けました。この番号のお知らせを当方が送っていた場合、そのお知らせへの疑問として数えます。どのアカウントも変更していません。',
    back: 'お知らせに戻る',
    tryLater: '一分ほどたってから、もう一度押してください',
    tooMany: 'お使いのネットワークからの送信が多すぎるため、今回は受け付けられませんでした。',
    notTaken: '当方の不具合により、今回は受け付けられませんでした。',
  }),
};

import type { UnfitPassword } from '../../app/recovery/set-new-password.ts';
import type { PageReadiness } from '../services.ts';
import type { PageLanguage } from './page-language.ts';

/** Why a page does nothing just now; the same for everybody who asks. */
export type NotNow = Exclude<PageReadiness, 'ready'> | 'too-many' | 'failed';

/** The words of hosted recovery, in one language. `service` is the name as holders know it. */
export interface RecoveryWords {
  readonly title: string;
  readonly intro: string;
  readonly address: string;
  readonly ask: string;
  readonly whoFor: string;
  readonly codeTitle: string;
  readonly codeSent: string;
  readonly codeLabel: string;
  readonly codeHint: string;
  readonly codeButton: string;
  readonly codeRefused: string;
  readonly noMail: string;
  readonly noMailText: readonly string[];
  readonly again: string;
  readonly passwordTitle: string;
  readonly passwordLabel: string;
  readonly passwordHint: string;
  /** Nobody sees what they type, and a slip would lock them out again. */
  readonly passwordAgain: string;
  readonly different: string;
  readonly passwordButton: string;
  readonly after: string;
  readonly unfit: Readonly<Record<UnfitPassword, string>>;
  readonly waitingTitle: string;
  readonly waitingFrom: string;
  readonly waitingText: readonly string[];
  readonly closedTitle: string;
  readonly closedText: string;
  readonly doneTitle: string;
  readonly doneText: readonly string[];
  readonly stopTitle: string;
  readonly stopText: string;
  readonly stopButton: string;
  readonly stopRefused: string;
  readonly stoppedTitle: string;
  readonly stoppedText: string;
  readonly notNowTitle: string;
  readonly notNow: Readonly<Record<NotNow, string>>;
  readonly elsewhere: string;
}

export const recoveryWords: Readonly<Record<PageLanguage, (service: string) => RecoveryWords>> = {
  en: (service) => ({
    title: 'Choose a new password',
    intro: `Did ${service} take your password out of use? Then get a code by mail here, and choose a new one.`,
    address: 'Mail address of your account',
    ask: 'Send me a code',
    whoFor: 'We show nobody whether an address has an account here. So this page says the same for every address.',
    codeTitle: 'Type the code from our mail',
    codeSent:
      'If we took the password of this account out of use, a code is on its way to its holder. It works for 30 minutes, in this browser only.',
    codeLabel: 'Code',
    codeHint: 'Eight letters and digits. Hyphens and capitals do not matter.',
    codeButton: 'Go on',
    codeRefused:
      'This code does not fit. Compare it with the newest mail. A code works once, for 30 minutes, in the browser in which it was asked for, and takes five tries.',
    noMail: 'If no mail comes',
    noMailText: [
      'Wait a few minutes, and look into the folder for unwanted mail.',
      'Look at the address: it has to be the one at which you got our notice.',
      `No password was taken out of use? Then there is nothing to get here: sign in at ${service} as always.`,
      'We write at most five codes a day for one account.',
    ],
    again: 'Ask for another code',
    passwordTitle: 'Choose a new password',
    passwordLabel: 'New password',
    passwordHint:
      'At least 8 characters. Four or five words that nobody would put together are good; digits and signs are not needed.',
    passwordAgain: 'The same once more',
    different: 'The two are not the same. Nothing was set. Type it twice again.',
    passwordButton: 'Use this password',
    after: 'Everybody who is signed in to your account will be signed out. Then you sign in with the new password.',
    unfit: {
      'too-short': 'That is too short. Take at least 8 characters.',
      'too-long': 'That is too long. Take at most 128 characters, or fewer where they are not plain letters.',
      guessable:
        'A machine would guess this one soon. Make it longer: add one or two words that have nothing to do with you.',
      breached: 'This password stands in a list that thieves use. Choose another.',
      quarantined: 'This is the password that we took out of use, because others know it. Choose another.',
    },
    waitingTitle: 'You have to wait',
    waitingFrom: 'You can choose a new password from',
    waitingText: [
      'The code is right. But we cannot be sure that your mailbox is still yours alone, so we wait and have written to every address that we know of you.',
      'Come back to this page then, in this browser.',
    ],
    closedTitle: 'Please begin again',
    closedText:
      'There is nothing open in this browser: the time is over, it was stopped, or a new password was set already.',
    doneTitle: 'Your new password is set',
    doneText: [
      `Sign in at ${service} with it. If ${service} asks for a second step there, it asks for it as before.`,
      'Everybody who was signed in was signed out, and a mail to you confirms this.',
    ],
    stopTitle: 'Stop a new password',
    stopText: 'Our mail says that a new password waits, and it was not you? Type the code of that mail.',
    stopButton: 'Stop it',
    stopRefused: 'This code stops nothing. Compare it with the mail that says that a new password waits.',
    stoppedTitle: 'It is stopped',
    stoppedText: 'Whoever typed the code can choose no password with it any more. Your account keeps its protection.',
    notNowTitle: 'Not just now',
    notNow: {
      'no-mail':
        'We cannot send mail at the moment, so no code would reach you. Nothing was begun. Please try again in some minutes.',
      halted:
        'Everything is stopped while we look into something. Nothing was begun; codes that you have keep their time. Please try again later.',
      away: 'We cannot do this at the moment. This is our fault, not yours. Please try again in some minutes.',
      'too-many': 'Too many are asking just now. Nothing was done. Please try again in a minute.',
      failed: 'This did not work. This is our fault, not yours. Please try again in a minute.',
    },
    elsewhere: `You choose a new password at ${service} itself.`,
  }),
  de: (service) => ({
    title: 'Ein neues Passwort festlegen',
    intro: `Hat ${service} Ihr Passwort außer Gebrauch genommen? Dann bekommen Sie hier per Mail einen Code und legen ein neues fest.`,
    address: 'Mailadresse Ihres Kontos',
    ask: 'Code schicken',
    whoFor:
      'Wir zeigen niemandem, ob eine Adresse hier ein Konto hat. Deshalb sagt diese Seite für jede Adresse dasselbe.',
    codeTitle: 'Geben Sie den Code aus unserer Mail ein',
    codeSent:
      'Haben wir das Passwort dieses Kontos außer Gebrauch genommen, dann ist ein Code unterwegs zu seinem Inhaber. Er gilt 30 Minuten und nur in diesem Browser.',
    codeLabel: 'Code',
    codeHint: 'Acht Buchstaben und Ziffern. Bindestrich und Großschreibung spielen keine Rolle.',
    codeButton: 'Weiter',
    codeRefused:
      'Dieser Code passt nicht. Vergleichen Sie ihn mit der neuesten Mail. Ein Code gilt einmal, 30 Minuten lang, in dem Browser, in dem er angefordert wurde, und lässt fünf Versuche zu.',
    noMail: 'Wenn keine Mail kommt',
    noMailText: [
      'Warten Sie einige Minuten und sehen Sie im Ordner für unerwünschte Mail nach.',
      'Prüfen Sie die Adresse: Es muss die sein, an der Sie unsere Nachricht bekommen haben.',
      `Es wurde kein Passwort außer Gebrauch genommen? Dann gibt es hier nichts zu holen: Melden Sie sich bei ${service} an wie immer.`,
      'Für ein Konto schreiben wir höchstens fünf Codes am Tag.',
    ],
    again: 'Einen anderen Code anfordern',
    passwordTitle: 'Legen Sie ein neues Passwort fest',
    passwordLabel: 'Neues Passwort',
    passwordHint:
      'Mindestens 8 Zeichen. Gut sind vier oder fünf Wörter, die niemand zusammenstellen würde; Ziffern und Sonderzeichen braucht es nicht.',
    passwordAgain: 'Dasselbe noch einmal',
    different: 'Die beiden sind nicht gleich. Es wurde nichts festgelegt. Geben Sie es noch einmal zweimal ein.',
    passwordButton: 'Dieses Passwort nehmen',
    after:
      'Alle, die in Ihrem Konto angemeldet sind, werden abgemeldet. Danach melden Sie sich mit dem neuen Passwort an.',
    unfit: {
      'too-short': 'Das ist zu kurz. Nehmen Sie mindestens 8 Zeichen.',
      'too-long':
        'Das ist zu lang. Nehmen Sie höchstens 128 Zeichen, weniger, wenn es keine einfachen Buchstaben sind.',
      guessable:
        'Das errät eine Maschine bald. Machen Sie es länger: Fügen Sie ein oder zwei Wörter an, die nichts mit Ihnen zu tun haben.',
      breached: 'Dieses Passwort steht in einer Liste, die Diebe benutzen. Nehmen Sie ein anderes.',
      quarantined:
        'Das ist das Passwort, das wir außer Gebrauch genommen haben, weil andere es kennen. Nehmen Sie ein anderes.',
    },
    waitingTitle: 'Sie müssen warten',
    waitingFrom: 'Ein neues Passwort können Sie festlegen ab',
    waitingText: [
      'Der Code stimmt. Wir können aber nicht sicher sein, dass Ihr Postfach noch Ihnen allein gehört. Deshalb warten wir und haben an jede Adresse geschrieben, die wir von Ihnen kennen.',
      'Kommen Sie dann in diesem Browser auf diese Seite zurück.',
    ],
    closedTitle: 'Bitte fangen Sie noch einmal an',
    closedText:
      'In diesem Browser ist nichts offen: Die Zeit ist um, es wurde aufgehalten, oder ein neues Passwort ist schon gesetzt.',
    doneTitle: 'Ihr neues Passwort gilt',
    doneText: [
      `Melden Sie sich bei ${service} damit an. Verlangt ${service} dort einen zweiten Schritt, dann wie bisher.`,
      'Alle, die angemeldet waren, wurden abgemeldet; eine Mail an Sie bestätigt das.',
    ],
    stopTitle: 'Ein neues Passwort aufhalten',
    stopText:
      'Unsere Mail sagt, dass ein neues Passwort wartet, und Sie waren es nicht? Geben Sie den Code jener Mail ein.',
    stopButton: 'Aufhalten',
    stopRefused: 'Dieser Code hält nichts auf. Vergleichen Sie ihn mit der Mail, nach der ein neues Passwort wartet.',
    stoppedTitle: 'Es ist aufgehalten',
    stoppedText:
      'Wer den Code eingegeben hat, kann damit kein Passwort mehr festlegen. Ihr Konto behält seinen Schutz.',
    notNowTitle: 'Gerade nicht möglich',
    notNow: {
      'no-mail':
        'Wir können im Moment keine Mail verschicken, ein Code käme also nicht an. Es wurde nichts begonnen. Bitte versuchen Sie es in einigen Minuten wieder.',
      halted:
        'Alles ist angehalten, während wir etwas prüfen. Es wurde nichts begonnen; Codes, die Sie haben, behalten ihre Zeit. Bitte versuchen Sie es später wieder.',
      away: 'Das geht im Moment nicht. Es ist unser Fehler, nicht Ihrer. Bitte versuchen Sie es in einigen Minuten wieder.',
      'too-many': 'Gerade fragen zu viele an. Es wurde nichts getan. Bitte versuchen Sie es in einer Minute wieder.',
      failed:
        'Das hat nicht geklappt. Es ist unser Fehler, nicht Ihrer. Bitte versuchen Sie es in einer Minute wieder.',
    },
    elsewhere: `Ein neues Passwort legen Sie bei ${service} selbst fest.`,
  }),
  es: (service) => ({
    title: 'Elegir una contraseña nueva',
    intro: `¿${service} ha retirado su contraseña? Reciba aquí un código por correo y elija una nueva.`,
    address: 'Dirección de correo de su cuenta',
    ask: 'Enviarme un código',
    whoFor: 'No mostramos a nadie si una dirección tiene cuenta aquí. Por eso esta página dice lo mismo para todas.',
    codeTitle: 'Escriba el código de nuestro correo',
    codeSent:
      'Si hemos retirado la contraseña de esta cuenta, un código va de camino a su titular. Sirve durante 30 minutos y solo en este navegador.',
    codeLabel: 'Código',
    codeHint: 'Ocho letras y cifras. Los guiones y las mayúsculas no importan.',
    codeButton: 'Continuar',
    codeRefused:
      'Este código no encaja. Compárelo con el correo más reciente. Un código sirve una vez, durante 30 minutos, en el navegador en que se pidió, y admite cinco intentos.',
    noMail: 'Si no llega ningún correo',
    noMailText: [
      'Espere unos minutos y mire en la carpeta de correo no deseado.',
      'Revise la dirección: tiene que ser aquella en la que recibió nuestro aviso.',
      `¿No se retiró ninguna contraseña? Entonces aquí no hay nada que hacer: inicie sesión en ${service} como siempre.`,
      'Enviamos como mucho cinco códigos al día por cuenta.',
    ],
    again: 'Pedir otro código',
    passwordTitle: 'Elija una contraseña nueva',
    passwordLabel: 'Contraseña nueva',
    passwordHint:
      'Al menos 8 caracteres. Cuatro o cinco palabras que nadie juntaría son buenas; no hacen falta cifras ni signos.',
    passwordAgain: 'La misma otra vez',
    different: 'Las dos no coinciden. No se ha establecido nada. Escríbala de nuevo dos veces.',
    passwordButton: 'Usar esta contraseña',
    after: 'Se cerrará la sesión de todos los que la tengan abierta en su cuenta. Después inicie sesión con la nueva.',
    unfit: {
      'too-short': 'Es demasiado corta. Use al menos 8 caracteres.',
      'too-long': 'Es demasiado larga. Use como mucho 128 caracteres, o menos si no son letras sencillas.',
      guessable:
        'Una máquina la adivinaría pronto. Hágala más larga: añada una o dos palabras que no tengan que ver con usted.',
      breached: 'Esta contraseña figura en una lista que usan los ladrones. Elija otra.',
      quarantined: 'Es la contraseña que retiramos porque otros la conocen. Elija otra.',
    },
    waitingTitle: 'Tiene que esperar',
    waitingFrom: 'Puede elegir una contraseña nueva a partir del',
    waitingText: [
      'El código es correcto. Pero no podemos estar seguros de que su buzón siga siendo solo suyo; por eso esperamos y hemos escrito a todas las direcciones suyas que conocemos.',
      'Vuelva entonces a esta página, en este navegador.',
    ],
    closedTitle: 'Empiece de nuevo',
    closedText:
      'No hay nada abierto en este navegador: ha pasado el tiempo, se detuvo o ya se puso una contraseña nueva.',
    doneTitle: 'Su contraseña nueva está puesta',
    doneText: [
      `Inicie sesión en ${service} con ella. Si ${service} pide allí un segundo paso, lo pide como antes.`,
      'Se cerró la sesión de todos los que la tenían abierta, y un correo se lo confirma.',
    ],
    stopTitle: 'Detener una contraseña nueva',
    stopText:
      '¿Nuestro correo dice que una contraseña nueva está a la espera y no fue usted? Escriba el código de ese correo.',
    stopButton: 'Detenerla',
    stopRefused:
      'Este código no detiene nada. Compárelo con el correo que dice que una contraseña nueva está a la espera.',
    stoppedTitle: 'Está detenido',
    stoppedText:
      'Quien escribió el código ya no puede elegir ninguna contraseña con él. Su cuenta conserva su protección.',
    notNowTitle: 'Ahora no es posible',
    notNow: {
      'no-mail':
        'En este momento no podemos enviar correo, así que no le llegaría ningún código. No se ha empezado nada. Vuelva a intentarlo en unos minutos.',
      halted:
        'Todo está detenido mientras comprobamos algo. No se ha empezado nada; los códigos que tenga conservan su plazo. Vuelva a intentarlo más tarde.',
      away: 'No es posible en este momento. El fallo es nuestro, no suyo. Vuelva a intentarlo en unos minutos.',
      'too-many':
        'Hay demasiadas peticiones ahora mismo. No se ha hecho nada. Vuelva a intentarlo dentro de un minuto.',
      failed: 'No ha funcionado. El fallo es nuestro, no suyo. Vuelva a intentarlo dentro de un minuto.',
    },
    elsewhere: `La contraseña nueva se elige en ${service}.`,
  }),
  ja: (service) => ({
    title: '新しいパスワードを設定する',
    intro: `${service} でパスワードが使えなくなった方は、ここでメールのコードを受け取り、新しいパスワードを設定できます。`,
    address: 'アカウントのメールアドレス',
    ask: 'コードを送る',
    whoFor:
      'アドレスにアカウントがあるかどうかは、どなたにもお見せしません。そのため、このページの表示はどのアドレスでも同じです。',
    codeTitle: 'メールのコードを入力してください',
    codeSent:
      'このアカウントのパスワードが使用停止になっている場合、ご本人にコードをお送りしています。有効なのは三十分間、このブラウザーのみです。',
    codeLabel: 'コード',
    codeHint: '英数字八文字です。ハイフンや大文字・小文字は区別しません。',
    codeButton: '次へ',
    codeRefused:
      'コードが一致しません。最新のメールと見比べてください。コードは一度だけ、三十分以内に、お申し込みになったブラウザーでのみ使え、五回まで試せます。',
    noMail: 'メールが届かないとき',
    noMailText: [
      '数分待ち、迷惑メールのフォルダーもご確認ください。',
      'アドレスをお確かめください。お知らせが届いたアドレスである必要があります。',
      `パスワードが使用停止になっていない場合、ここでの手続きは不要です。いつものとおり ${service} にログインしてください。`,
      '一つのアカウントにつき、コードは一日五回までお送りします。',
    ],
    again: '別のコードを申し込む',
    passwordTitle: '新しいパスワードを設定してください',
    passwordLabel: '新しいパスワード',
    passwordHint: '八文字以上。誰も組み合わせないような四、五個の言葉がお勧めです。数字や記号は必要ありません。',
    passwordAgain: '確認のためもう一度',
    different: '二つが一致しません。何も設定されていません。もう一度、二回入力してください。',
    passwordButton: 'このパスワードにする',
    after: 'アカウントにログイン中の方はすべてログアウトされます。その後、新しいパスワードでログインしてください。',
    unfit: {
      'too-short': '短すぎます。八文字以上にしてください。',
      'too-long': '長すぎます。百二十八文字以内(英字以外ではさらに短く)にしてください。',
      guessable: '機械ですぐに推測されます。ご自身と関係のない言葉を一つ二つ加えて長くしてください。',
      breached: 'このパスワードは、盗用に使われる一覧に載っています。別のものにしてください。',
      quarantined: 'これは、他人に知られているため使用停止にしたパスワードです。別のものにしてください。',
    },
    waitingTitle: 'お待ちいただく必要があります',
    waitingFrom: '新しいパスワードを設定できる日時',
    waitingText: [
      'コードは一致しました。ただし、メールボックスがお客様だけのものかどうか確かでないため、お客様のものとして知るすべてのアドレスにお知らせし、しばらく待ちます。',
      'その時刻を過ぎたら、このブラウザーでこのページにお戻りください。',
    ],
    closedTitle: '最初からやり直してください',
    closedText:
      'このブラウザーで続けられる手続きはありません。時間が過ぎたか、止められたか、すでに設定が済んでいます。',
    doneTitle: '新しいパスワードを設定しました',
    doneText: [
      `${service} に新しいパスワードでログインしてください。二段階目の確認がある場合は、これまでどおり求められます。`,
      'ログイン中の方はすべてログアウトされました。確認のメールをお送りします。',
    ],
    stopTitle: '新しいパスワードを止める',
    stopText:
      '新しいパスワードが保留されているというメールに心当たりがない場合は、そのメールのコードを入力してください。',
    stopButton: '止める',
    stopRefused: 'このコードで止められるものはありません。保留をお知らせしたメールと見比べてください。',
    stoppedTitle: '止めました',
    stoppedText: 'コードを入力した人は、もうパスワードを設定できません。アカウントの保護は続きます。',
    notNowTitle: 'ただいまご利用になれません',
    notNow: {
      'no-mail':
        'ただいまメールを送れないため、コードが届きません。手続きは始まっていません。数分後にもう一度お試しください。',
      halted:
        '確認のため、すべてを停止しています。手続きは始まっていません。お持ちのコードの期限は延長されます。後ほどお試しください。',
      away: 'ただいまご利用になれません。当方の不具合です。数分後にもう一度お試しください。',
      'too-many': 'ただいまお申し込みが集中しています。何も行われていません。一分ほどたってからお試しください。',
      failed: 'うまくいきませんでした。当方の不具合です。一分ほどたってからお試しください。',
    },
    elsewhere: `新しいパスワードは ${service} で設定します。`,
  }),
};

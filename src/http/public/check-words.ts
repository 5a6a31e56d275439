import type { UndoneAction } from '../../domain/retraction/notice-standing.ts';
import type { PageLanguage } from './page-language.ts';

/** What a check of number and address answers, in one language. */
export interface CheckWords {
  readonly sent: string;
  readonly perhapsSent: string;
  readonly perhapsText: string;
  readonly when: string;
  readonly underWay: string;
  readonly subject: string;
  readonly notShown: string;
  readonly onlyLink: string;
  readonly compare: string;
  readonly now: string;
  readonly stands: string;
  readonly standsChecked: string;
  readonly checking: string;
  readonly wrong: string;
  readonly undone: Readonly<Record<UndoneAction, string>>;
  readonly later: string;
  readonly noPair: string;
  readonly noPairText: string;
  readonly noPairShape: string;
  readonly noPairCaution: string;
  readonly notNow: string;
  readonly tooMany: string;
  readonly failed: string;
}

export const checkWords: Readonly<Record<PageLanguage, CheckWords>> = {
  en: {
    sent: 'We sent this number to that address',
    perhapsSent: 'We may have sent this number to that address',
    perhapsText: 'It is under way at this moment, or the reply of your mail provider did not reach us.',
    when: 'Sent',
    underWay: 'just now',
    subject: 'Subject',
    notShown: 'We can no longer show it.',
    onlyLink: 'Its only link',
    compare:
      'Compare this with the mail that you have. If its subject or a link in it is another, it is not the mail that we sent, although it shows this number.',
    now: 'What we know now',
    stands: 'The notice stands. We know nothing that speaks against it.',
    standsChecked: 'We have looked at our notice to you again, and it stands. Your account keeps its protection.',
    checking:
      'We are checking whether our notice to you was right. We do not know yet; we will write to you when we do. Until then your account keeps its protection.',
    wrong: 'Our notice to you was a mistake: ours, not yours.',
    undone: {
      'password-given-back':
        'We have given your password back: the old one works again. You do not have to do anything.',
      'own-password-kept': 'You have set a password of your own since then. We left it as it is.',
      'nothing-to-give-back': 'There was no password to give back. If you were signed out, sign in again as always.',
      open: 'We are putting it right for your account now.',
    },
    later: 'We wrote to you again about this. That later mail takes the place of this one:',
    noPair: 'We know no such pair',
    noPairText:
      'We have no record of a notice with this number to this address. Perhaps there is a slip in one of them: compare both with the mail, and use the address at which it arrived.',
    noPairShape: 'A number has four groups of four letters and digits, and one more at the end.',
    noPairCaution: 'If both are right, treat the mail as false: follow no link in it, and do nothing that it asks.',
    notNow: 'Please try again in a minute',
    tooMany: 'Too many checks are being made just now. Yours was not looked up.',
    failed: 'We could not look it up just now. This is our fault, not yours.',
  },
  de: {
    sent: 'Wir haben diese Nummer an diese Adresse geschickt',
    perhapsSent: 'Wir haben diese Nummer vielleicht an diese Adresse geschickt',
    perhapsText: 'Die Mail ist gerade unterwegs, oder die Antwort Ihres Mailanbieters hat uns nicht erreicht.',
    when: 'Verschickt',
    underWay: 'gerade eben',
    subject: 'Betreff',
    notShown: 'Wir können ihn nicht mehr anzeigen.',
    onlyLink: 'Ihr einziger Link',
    compare:
      'Vergleichen Sie das mit der Mail, die Sie haben. Ist ihr Betreff oder ein Link darin ein anderer, dann ist es nicht die Mail, die wir geschickt haben, auch wenn sie diese Nummer zeigt.',
    now: 'Was wir jetzt wissen',
    stands: 'Die Nachricht gilt. Wir wissen nichts, was gegen sie spricht.',
    standsChecked:
      'Wir haben unsere Nachricht an Sie noch einmal geprüft, und sie gilt. Ihr Konto behält seinen Schutz.',
    checking:
      'Wir prüfen, ob unsere Nachricht an Sie richtig war. Wir wissen es noch nicht und schreiben Ihnen, sobald wir es wissen. Bis dahin behält Ihr Konto seinen Schutz.',
    wrong: 'Unsere Nachricht an Sie war ein Fehler: unserer, nicht Ihrer.',
    undone: {
      'password-given-back': 'Wir haben Ihnen Ihr Passwort zurückgegeben: Das alte gilt wieder. Sie müssen nichts tun.',
      'own-password-kept': 'Sie haben seitdem selbst ein Passwort festgelegt. Wir haben es so gelassen.',
      'nothing-to-give-back':
        'Es gab kein Passwort zurückzugeben. Wurden Sie abgemeldet, melden Sie sich an wie immer.',
      open: 'Wir bringen es für Ihr Konto gerade in Ordnung.',
    },
    later: 'Wir haben Ihnen dazu noch einmal geschrieben. Diese spätere Mail tritt an die Stelle der ersten:',
    noPair: 'Dieses Paar kennen wir nicht',
    noPairText:
      'Wir haben keinen Eintrag über eine Nachricht mit dieser Nummer an diese Adresse. Vielleicht ist eines von beiden vertippt: Vergleichen Sie beides mit der Mail, und nehmen Sie die Adresse, an der sie ankam.',
    noPairShape: 'Eine Nummer hat vier Gruppen zu vier Buchstaben und Ziffern und am Ende ein weiteres Zeichen.',
    noPairCaution:
      'Ist beides richtig, dann behandeln Sie die Mail als falsch: Folgen Sie keinem Link darin, und tun Sie nichts, was sie verlangt.',
    notNow: 'Bitte versuchen Sie es in einer Minute noch einmal',
    tooMany: 'Gerade wird zu oft geprüft. Ihre Angaben wurden nicht nachgeschlagen.',
    failed: 'Wir konnten gerade nicht nachsehen. Das ist unser Fehler, nicht Ihrer.',
  },
  es: {
    sent: 'Enviamos este número a esa dirección',
    perhapsSent: 'Es posible que enviáramos este número a esa dirección',
    perhapsText: 'Está en camino en este momento, o no nos llegó la respuesta de su proveedor de correo.',
    when: 'Enviado',
    underWay: 'ahora mismo',
    subject: 'Asunto',
    notShown: 'Ya no podemos mostrarlo.',
    onlyLink: 'Su único enlace',
    compare:
      'Compárelo con el correo que tiene. Si su asunto o un enlace es otro, no es el correo que enviamos, aunque muestre este número.',
    now: 'Lo que sabemos ahora',
    stands: 'El aviso sigue en pie. No sabemos de nada que lo contradiga.',
    standsChecked: 'Hemos vuelto a revisar nuestro aviso y sigue en pie. Su cuenta conserva su protección.',
    checking:
      'Estamos comprobando si nuestro aviso era correcto. Aún no lo sabemos; le escribiremos cuando lo sepamos. Hasta entonces su cuenta conserva su protección.',
    wrong: 'Nuestro aviso fue un error: nuestro, no suyo.',
    undone: {
      'password-given-back': 'Le hemos devuelto su contraseña: la antigua vuelve a funcionar. No tiene que hacer nada.',
      'own-password-kept': 'Desde entonces usted ha puesto una contraseña propia. La hemos dejado como está.',
      'nothing-to-give-back':
        'No había ninguna contraseña que devolver. Si se cerró su sesión, iníciela de nuevo como siempre.',
      open: 'Lo estamos arreglando ahora en su cuenta.',
    },
    later: 'Le hemos vuelto a escribir sobre esto. Ese correo posterior sustituye a este:',
    noPair: 'No conocemos esa pareja',
    noPairText:
      'No nos consta ningún aviso con este número a esta dirección. Quizá haya un error en uno de los dos: compare ambos con el correo y use la dirección en la que llegó.',
    noPairShape: 'Un número tiene cuatro grupos de cuatro letras y cifras, y un carácter más al final.',
    noPairCaution:
      'Si ambos son correctos, trate el correo como falso: no siga ningún enlace y no haga nada de lo que pide.',
    notNow: 'Vuelva a intentarlo dentro de un minuto',
    tooMany: 'En este momento se hacen demasiadas comprobaciones. La suya no se ha consultado.',
    failed: 'No hemos podido consultarlo en este momento. El fallo es nuestro, no suyo.',
  },
  ja: {
    sent: 'この番号のお知らせを、そのアドレスにお送りしました',
    perhapsSent: 'この番号のお知らせを、そのアドレスにお送りした可能性があります',
    perhapsText: 'ただいま送信中であるか、メール事業者からの応答が当方に届いていません。',
    when: '送信日時',
    underWay: 'ただいま',
    subject: '件名',
    notShown: '現在は表示できません。',
    onlyLink: 'メール内の唯一のリンク',
    compare:
      'お手元のメールと見比べてください。件名やリンクが違っていれば、この番号が書かれていても、当方がお送りしたメールではありません。',
    now: '現在わかっていること',
    stands: 'お知らせの内容に変わりはありません。これを疑う事情は見つかっていません。',
    standsChecked: 'お送りしたお知らせを改めて確認し、内容に変わりはありませんでした。アカウントの保護は続いています。',
    checking:
      'お送りしたお知らせが正しかったかどうかを確認しています。まだわかっていません。わかりしだいご連絡します。それまでアカウントの保護は続きます。',
    wrong: 'お送りしたお知らせは当方の誤りでした。お客様に落ち度はありません。',
    undone: {
      'password-given-back':
        '元のパスワードをお戻ししました。以前のパスワードで再びログインできます。何もしていただく必要はありません。',
      'own-password-kept': 'その後お客様ご自身が設定されたパスワードは、そのままにしてあります。',
      'nothing-to-give-back':
        'お戻しするパスワードはありませんでした。ログアウトされていた場合は、いつものとおりログインしてください。',
      open: 'お客様のアカウントについて、ただいま元に戻す作業をしています。',
    },
    later: 'この件について、あらためてメールをお送りしています。そちらがこのメールに代わるものです。',
    noPair: 'その組み合わせは見つかりません',
    noPairText:
      'この番号のお知らせをこのアドレスにお送りした記録がありません。どちらかに入力の誤りがあるかもしれません。両方をメールと見比べ、メールが届いたアドレスを入力してください。',
    noPairShape: '番号は、四文字ずつの四つの組と、最後の一文字からなります。',
    noPairCaution:
      '両方とも正しい場合は、そのメールを偽物として扱ってください。リンクを開かず、求められたことには応じないでください。',
    notNow: '一分ほどたってから、もう一度お試しください',
    tooMany: 'ただいま確認が集中しているため、照会できませんでした。',
    failed: '当方の不具合により、ただいま照会できません。',
  },
};

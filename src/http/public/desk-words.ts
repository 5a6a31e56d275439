import type { PageLanguage } from './page-language.ts';

/** The words of the landing page, of an appeal, of "my status" and of the status page, in one language. */
export interface DeskWords {
  readonly home: {
    readonly title: string;
    readonly intro: string;
    readonly check: string;
    readonly checkText: string;
    readonly recover: string;
    readonly recoverText: string;
    readonly mine: string;
    readonly mineText: string;
    readonly appeal: string;
    readonly appealText: string;
    readonly status: string;
    readonly statusText: string;
    readonly operators: string;
    readonly console: string;
    readonly docs: string;
    /** Of an address at which there is no page. */
    readonly nowhere: string;
    readonly nowhereText: string;
  };
  readonly appeal: {
    readonly title: string;
    readonly intro: string;
    readonly words: string;
    readonly wordsHint: string;
    readonly button: string;
    readonly unlocksNothing: string;
    readonly taken: string;
    readonly takenText: readonly string[];
    readonly link: string;
  };
  readonly mine: {
    readonly title: string;
    readonly intro: string;
    readonly address: string;
    readonly button: string;
    readonly taken: string;
    readonly takenText: readonly string[];
    readonly withNumber: string;
  };
  readonly status: {
    readonly title: string;
    readonly nothing: string;
    readonly since: string;
    readonly whole: string;
    readonly feeds: string;
  };
}

export const deskWords: Readonly<Record<PageLanguage, (service: string) => DeskWords>> = {
  en: (service) => ({
    home: {
      title: `Account security at ${service}`,
      intro:
        'Did you get a mail from us, or can you not sign in? Here is what you can do. Nothing here needs an account.',
      check: 'Check a notice',
      checkText: 'See what we sent to you, and compare it with the mail that you have.',
      recover: 'Get back into your account',
      recoverText: 'If your password was taken out of use.',
      mine: 'Am I affected?',
      mineText: 'We answer by mail, to you alone.',
      appeal: 'Ask for a second look',
      appealText: 'If you think that our notice to you is wrong.',
      status: 'What happened',
      statusText: 'Mistakes of ours, with numbers and times.',
      operators: 'For the people who run this service',
      console: 'Console',
      docs: 'API',
      nowhere: 'There is no page at this address',
      nowhereText: 'Perhaps the address was cut or mistyped on its way. Nothing was done. What you may be looking for:',
    },
    appeal: {
      title: 'Ask for a second look',
      intro: `You think that our notice to you is wrong? A person of ${service} looks at it again and answers by mail, to the address of the notice.`,
      words: 'What should we know? (you may leave this empty)',
      wordsHint: 'At most 1,000 characters. Never write a password here.',
      button: 'Ask a person to look',
      unlocksNothing:
        'Asking changes nothing in your account by itself. A person decides; if your account was suspended wrongly, they let you back in.',
      taken: 'Thank you. It is noted.',
      takenText: [
        'If we sent a notice with this number to this address, a person looks at it, and the answer goes to that address.',
        'You do not have to ask twice: one request for each notice is kept.',
      ],
      link: 'Ask a person to look again',
    },
    mine: {
      title: 'Am I affected?',
      intro: `Type the mail address of your account at ${service}. We answer by mail what was done to it, also if that is nothing. Nobody else sees the answer.`,
      address: 'Mail address of your account',
      button: 'Send me the answer',
      taken: 'The answer goes by mail',
      takenText: [
        'If this address has an account here, the answer is on its way to it. This page says the same for every address.',
        'If nothing comes: look at the address, and into the folder for unwanted mail. We answer at most three times a day.',
      ],
      withNumber: 'You have a notice with a number? Then you see the answer at once:',
    },
    status: {
      title: `What happened at ${service}`,
      nothing: 'There is nothing to report.',
      since: 'Last entry',
      whole: 'The whole statement',
      feeds: 'To follow this with a feed reader:',
    },
  }),
  de: (service) => ({
    home: {
      title: `Sicherheit Ihres Kontos bei ${service}`,
      intro:
        'Haben Sie eine Mail von uns bekommen, oder können Sie sich nicht anmelden? Hier steht, was Sie tun können. Ein Konto brauchen Sie dafür nicht.',
      check: 'Eine Nachricht prüfen',
      checkText: 'Sehen Sie, was wir Ihnen geschickt haben, und vergleichen Sie es mit Ihrer Mail.',
      recover: 'Wieder in Ihr Konto kommen',
      recoverText: 'Wenn Ihr Passwort außer Gebrauch genommen wurde.',
      mine: 'Bin ich betroffen?',
      mineText: 'Wir antworten per Mail, nur Ihnen.',
      appeal: 'Um einen zweiten Blick bitten',
      appealText: 'Wenn Sie meinen, dass unsere Nachricht an Sie nicht stimmt.',
      status: 'Was geschehen ist',
      statusText: 'Fehler von uns, mit Zahlen und Zeiten.',
      operators: 'Für die, die diesen Dienst betreiben',
      console: 'Konsole',
      docs: 'API',
      nowhere: 'Unter dieser Adresse gibt es keine Seite',
      nowhereText:
        'Vielleicht wurde die Adresse unterwegs abgeschnitten oder falsch getippt. Es ist nichts geschehen. Vielleicht suchen Sie das hier:',
    },
    appeal: {
      title: 'Um einen zweiten Blick bitten',
      intro: `Sie meinen, dass unsere Nachricht an Sie nicht stimmt? Ein Mensch bei ${service} sieht sie noch einmal an und antwortet per Mail, an die Adresse der Nachricht.`,
      words: 'Was sollten wir wissen? (darf leer bleiben)',
      wordsHint: 'Höchstens 1.000 Zeichen. Schreiben Sie nie ein Passwort hierher.',
      button: 'Einen Menschen nachsehen lassen',
      unlocksNothing:
        'Die Bitte allein ändert nichts an Ihrem Konto. Ein Mensch entscheidet; wurde Ihr Konto zu Unrecht gesperrt, öffnet er es wieder.',
      taken: 'Danke. Es ist vermerkt.',
      takenText: [
        'Haben wir eine Nachricht mit dieser Nummer an diese Adresse geschickt, dann sieht ein Mensch nach, und die Antwort geht an jene Adresse.',
        'Sie müssen nicht zweimal bitten: Zu jeder Nachricht behalten wir eine Bitte.',
      ],
      link: 'Einen Menschen noch einmal nachsehen lassen',
    },
    mine: {
      title: 'Bin ich betroffen?',
      intro: `Geben Sie die Mailadresse Ihres Kontos bei ${service} ein. Wir antworten per Mail, was damit geschehen ist, auch wenn das nichts ist. Sonst sieht niemand die Antwort.`,
      address: 'Mailadresse Ihres Kontos',
      button: 'Antwort schicken',
      taken: 'Die Antwort kommt per Mail',
      takenText: [
        'Hat diese Adresse hier ein Konto, dann ist die Antwort unterwegs. Diese Seite sagt für jede Adresse dasselbe.',
        'Kommt nichts, dann prüfen Sie die Adresse und den Ordner für unerwünschte Mail. Wir antworten höchstens dreimal am Tag.',
      ],
      withNumber: 'Sie haben eine Nachricht mit einer Nummer? Dann sehen Sie die Antwort gleich:',
    },
    status: {
      title: `Was bei ${service} geschehen ist`,
      nothing: 'Es gibt nichts zu berichten.',
      since: 'Letzter Eintrag',
      whole: 'Die ganze Erklärung',
      feeds: 'Zum Verfolgen mit einem Feedreader:',
    },
  }),
  es: (service) => ({
    home: {
      title: `Seguridad de su cuenta en ${service}`,
      intro:
        '¿Ha recibido un correo nuestro o no puede iniciar sesión? Aquí está lo que puede hacer. No hace falta ninguna cuenta.',
      check: 'Comprobar un aviso',
      checkText: 'Vea qué le enviamos y compárelo con el correo que tiene.',
      recover: 'Volver a entrar en su cuenta',
      recoverText: 'Si se retiró su contraseña.',
      mine: '¿Me afecta?',
      mineText: 'Respondemos por correo, solo a usted.',
      appeal: 'Pedir una segunda revisión',
      appealText: 'Si cree que nuestro aviso no es correcto.',
      status: 'Qué ha pasado',
      statusText: 'Errores nuestros, con cifras y horas.',
      operators: 'Para quienes gestionan este servicio',
      console: 'Consola',
      docs: 'API',
      nowhere: 'No hay ninguna página en esta dirección',
      nowhereText: 'Quizá la dirección se cortó o se escribió mal. No ha pasado nada. Tal vez busque esto:',
    },
    appeal: {
      title: 'Pedir una segunda revisión',
      intro: `¿Cree que nuestro aviso no es correcto? Una persona de ${service} lo revisa de nuevo y responde por correo, a la dirección del aviso.`,
      words: '¿Qué deberíamos saber? (puede dejarlo vacío)',
      wordsHint: 'Como mucho 1.000 caracteres. No escriba nunca una contraseña aquí.',
      button: 'Pedir que lo mire una persona',
      unlocksNothing:
        'Pedirlo no cambia por sí solo nada en su cuenta. Decide una persona; si su cuenta se suspendió por error, la abre de nuevo.',
      taken: 'Gracias. Queda anotado.',
      takenText: [
        'Si enviamos un aviso con este número a esta dirección, una persona lo mira y la respuesta va a esa dirección.',
        'No hace falta pedirlo dos veces: guardamos una petición por aviso.',
      ],
      link: 'Pedir que lo mire otra vez una persona',
    },
    mine: {
      title: '¿Me afecta?',
      intro: `Escriba la dirección de correo de su cuenta en ${service}. Respondemos por correo qué se hizo con ella, también si no fue nada. Nadie más ve la respuesta.`,
      address: 'Dirección de correo de su cuenta',
      button: 'Enviarme la respuesta',
      taken: 'La respuesta va por correo',
      takenText: [
        'Si esta dirección tiene cuenta aquí, la respuesta va de camino. Esta página dice lo mismo para todas las direcciones.',
        'Si no llega nada, revise la dirección y la carpeta de correo no deseado. Respondemos como mucho tres veces al día.',
      ],
      withNumber: '¿Tiene un aviso con un número? Entonces verá la respuesta enseguida:',
    },
    status: {
      title: `Qué ha pasado en ${service}`,
      nothing: 'No hay nada que comunicar.',
      since: 'Última entrada',
      whole: 'La declaración completa',
      feeds: 'Para seguirlo con un lector de fuentes:',
    },
  }),
  ja: (service) => ({
    home: {
      title: `${service} のアカウントの安全`,
      intro:
        '当方からメールが届いた方、ログインできない方へ。ここでできることをご案内します。アカウントは必要ありません。',
      check: 'お知らせを確認する',
      checkText: 'お送りした内容を表示します。お手元のメールと見比べてください。',
      recover: 'アカウントに戻る',
      recoverText: 'パスワードが使用停止になった方はこちらです。',
      mine: '自分は対象ですか',
      mineText: 'ご本人だけにメールでお答えします。',
      appeal: '再確認を求める',
      appealText: 'お知らせが誤りだと思われる場合はこちらです。',
      status: '起きたこと',
      statusText: '当方の誤りについて、人数と時刻を公表しています。',
      operators: 'このサービスの運用担当者向け',
      console: 'コンソール',
      docs: 'API',
      nowhere: 'このアドレスにページはありません',
      nowhereText:
        'アドレスが途中で切れたか、打ち間違えられたのかもしれません。何も行われていません。お探しのものはこちらでしょうか。',
    },
    appeal: {
      title: '再確認を求める',
      intro: `お知らせが誤りだと思われますか。${service} の担当者が改めて確認し、お知らせの宛先にメールでお答えします。`,
      words: 'お知らせいただきたい事情(空欄でもかまいません)',
      wordsHint: '千文字以内。パスワードは決して書かないでください。',
      button: '担当者に確認を求める',
      unlocksNothing:
        'お申し出だけでアカウントが変わることはありません。担当者が判断し、停止が誤りであれば、またお使いいただけるようにします。',
      taken: '承りました',
      takenText: [
        'この番号のお知らせをこのアドレスにお送りしていた場合、担当者が確認し、そのアドレスにお答えします。',
        '一つのお知らせにつき一件をお預かりします。繰り返しのお申し出は必要ありません。',
      ],
      link: '担当者に再確認を求める',
    },
    mine: {
      title: '自分は対象ですか',
      intro: `${service} のアカウントのメールアドレスを入力してください。行われたこと(何もない場合も)をメールでお答えします。回答はご本人だけに届きます。`,
      address: 'アカウントのメールアドレス',
      button: '回答を送る',
      taken: '回答はメールでお送りします',
      takenText: [
        'このアドレスのアカウントがあれば、回答をお送りしています。このページの表示はどのアドレスでも同じです。',
        '届かないときは、アドレスと迷惑メールのフォルダーをご確認ください。お答えは一日三回までです。',
      ],
      withNumber: '番号のあるお知らせをお持ちの方は、すぐに確認できます。',
    },
    status: {
      title: `${service} で起きたこと`,
      nothing: 'お知らせすることはありません。',
      since: '最新の記録',
      whole: '全文を読む',
      feeds: 'フィードリーダーで受け取る:',
    },
  }),
};

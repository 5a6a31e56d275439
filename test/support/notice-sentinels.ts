/**
 * What readers of each language understand, written down apart from the templates: if the words of a template change,
 * somebody has to say here what the new words claim. A mail makes a claim if any of its sentences is in the text.
 */
export type Meaning =
  | 'old-password-works-no-more'
  | 'signed-out'
  | 'password-known-to-others'
  | 'activity-not-yours'
  | 'reported'
  | 'earlier-notice-sent'
  | 'earlier-notice-perhaps'
  | 'our-mistake'
  | 'being-checked'
  | 'notice-stands'
  | 'password-works-again'
  | 'your-new-password-stays'
  | 'password-not-given-back'
  | 'not-told-sooner'
  | 'account-is-suspended'
  | 'suspension-ends'
  | 'for-spam'
  | 'for-automation'
  | 'somebody-else-uses-it'
  | 'account-open-again'
  | 'suspended-for-another-reason';

export const sentinels: Readonly<Record<string, Readonly<Record<Meaning, readonly string[]>>>> = {
  en: {
    'old-password-works-no-more': [
      'old password no longer works',
      'old password does not work',
      'old password has not worked',
    ],
    'signed-out': ['signed you out'],
    'password-known-to-others': ['is known to others'],
    'activity-not-yours': ['activity on your account that may not have been yours'],
    reported: ['we received a report that your account'],
    'earlier-notice-sent': ['we sent you a notice'],
    'earlier-notice-perhaps': ['You may have received a notice from us'],
    'our-mistake': ['that was our mistake'],
    'being-checked': ['We are now checking'],
    'notice-stands': ['the notice stands'],
    'password-works-again': ['Your password works again'],
    'your-new-password-stays': ['You have set a new password since then. It stays'],
    'password-not-given-back': ['could not give you your old password back'],
    'not-told-sooner': ['could not tell you sooner'],
    'account-is-suspended': ['You cannot sign in, and nobody sees', 'account stays suspended'],
    'suspension-ends': ['The suspension ends by itself on'],
    'for-spam': ['that people had not asked for'],
    'for-automation': ['used by a program'],
    'somebody-else-uses-it': ['somebody other than you'],
    'account-open-again': ['Your account is open again'],
    'suspended-for-another-reason': ['still suspended for another reason'],
  },
  de: {
    'old-password-works-no-more': [
      'altes Passwort gilt nicht mehr',
      'gilt Ihr altes Passwort nicht mehr',
      'alte Passwort gilt nicht,',
    ],
    'signed-out': ['auf allen Geräten abgemeldet', 'auf Ihren Geräten abgemeldet'],
    'password-known-to-others': ['ist anderen bekannt'],
    'activity-not-yours': ['das vielleicht nicht von Ihnen stammt'],
    reported: ['Uns wurde gemeldet'],
    'earlier-notice-sent': ['haben wir Ihnen eine Nachricht geschickt', 'haben wir Ihnen geschrieben'],
    'earlier-notice-perhaps': ['möglicherweise haben Sie von uns eine Nachricht'],
    'our-mistake': ['Das war unser Fehler'],
    'being-checked': ['Wir prüfen gerade'],
    'notice-stands': ['die Nachricht bleibt bestehen'],
    'password-works-again': ['Ihr Passwort gilt wieder'],
    'your-new-password-stays': ['Es bleibt so, wie Sie es gewählt haben'],
    'password-not-given-back': ['konnten wir Ihnen nicht zurückgeben'],
    'not-told-sooner': ['konnten es Ihnen nicht früher sagen'],
    'account-is-suspended': [
      'Sie können sich nicht anmelden, und niemand',
      'bleibt Ihr Konto gesperrt',
      'Ihr Konto bleibt gesperrt',
    ],
    'suspension-ends': ['Die Sperre endet von selbst am'],
    'for-spam': ['um die niemand gebeten hatte'],
    'for-automation': ['von einem Programm benutzt'],
    'somebody-else-uses-it': ['jemand anders als Sie'],
    'account-open-again': ['Ihr Konto ist wieder offen'],
    'suspended-for-another-reason': ['aus einem anderen Grund noch gesperrt'],
  },
  es: {
    'old-password-works-no-more': ['contraseña antigua ya no sirve', 'contraseña antigua no sirve'],
    'signed-out': ['cerramos su sesión', 'habíamos cerrado su sesión'],
    'password-known-to-others': ['otras personas conocen una contraseña'],
    'activity-not-yours': ['actividad que quizá no era suya'],
    reported: ['nos avisaron de que su cuenta'],
    'earlier-notice-sent': ['le enviamos un aviso', 'le avisamos'],
    'earlier-notice-perhaps': ['Es posible que haya recibido un aviso nuestro'],
    'our-mistake': ['fue un error nuestro'],
    'being-checked': ['Estamos revisando si'],
    'notice-stands': ['el aviso sigue en pie'],
    'password-works-again': ['Su contraseña vuelve a servir'],
    'your-new-password-stays': ['Se queda tal como la eligió'],
    'password-not-given-back': ['No hemos podido devolverle su contraseña'],
    'not-told-sooner': ['No pudimos decírselo antes'],
    'account-is-suspended': ['No puede iniciar sesión, y nadie', 'su cuenta sigue suspendida. No se'],
    'suspension-ends': ['La suspensión termina por sí sola el'],
    'for-spam': ['que nadie había pedido'],
    'for-automation': ['un programa usa su cuenta'],
    'somebody-else-uses-it': ['alguien que no es usted'],
    'account-open-again': ['Su cuenta está abierta de nuevo'],
    'suspended-for-another-reason': ['sigue suspendida por otro motivo'],
  },
  ja: {
    'old-password-works-no-more': ['どなたにも使えなくなっています', 'どなたにも使えません'],
    'signed-out': ['端末のログアウトを行いました', '端末のログアウトも行っていました'],
    'password-known-to-others': ['ご本人以外の人に知られている'],
    'activity-not-yours': ['ご本人によるものではないかもしれない'],
    reported: ['という報告を受けた'],
    'earlier-notice-sent': ['をお送りしました。'],
    'earlier-notice-perhaps': ['届いているかもしれません'],
    'our-mistake': ['当社の間違いでした'],
    'being-checked': ['いま確認しています'],
    'notice-stands': ['お知らせは正しく', 'お知らせは正しいものでした'],
    'password-works-again': ['また使えるようになりました'],
    'your-new-password-stays': ['お選びになったパスワードをそのまま'],
    'password-not-given-back': ['お返しすることができませんでした'],
    'not-told-sooner': ['もっと早くお伝えすることができませんでした'],
    'account-is-suspended': [
      'ログインはできず',
      'アカウントは停止したままです',
      'アカウントは引き続き停止しています。何も',
    ],
    'suspension-ends': ['に自動的に終わります'],
    'for-spam': ['望んでいないメッセージ'],
    'for-automation': ['プログラムによって使われている'],
    'somebody-else-uses-it': ['ご本人以外の方がアカウントを使っている'],
    'account-open-again': ['アカウントはまたお使いいただけます'],
    'suspended-for-another-reason': ['別の理由で引き続き停止しています'],
  },
};

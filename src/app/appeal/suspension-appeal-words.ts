import type { AppealLift } from '../../domain/appeal/appeal.ts';

/** What is said of a suspended account once an appeal about it was decided. `kept`: the appeal was declined. */
export type SuspensionAnswer = AppealLift | 'kept';

/** By language; each says what we found, and then what became of the account. Times are not named: the notice did. */
export const suspensionAppealWords: Readonly<Record<string, Readonly<Record<SuspensionAnswer, readonly string[]>>>> = {
  en: {
    reinstated: [
      'You are right: suspending your account was our mistake, and we are sorry.',
      'Your account is open again. You sign in with the same password as before, and everything that you wrote is there.',
    ],
    waits: [
      'You are right: suspending your account was our mistake, and we are sorry.',
      'We are letting your account back in, which can take a while. You do not have to do anything for that.',
    ],
    'not-suspended': [
      'You are right: suspending your account was our mistake, and we are sorry.',
      'That suspension had ended already when we looked.',
    ],
    'suspended-by-service': [
      'You are right: suspending your account for that reason was our mistake, and we have taken it back.',
      'Your account is still suspended for another reason, which our notice was not about. Please ask us about it.',
    ],
    missing: ['You are right: suspending your account was our mistake, and we are sorry.'],
    kept: [
      'Our notice to you stands, and your account stays suspended until the day that the notice names.',
      'Nothing of it is deleted until then, and you do not have to do anything to get it back on that day.',
    ],
  },
  de: {
    reinstated: [
      'Sie haben recht: Dass wir Ihr Konto gesperrt haben, war unser Fehler, und es tut uns leid.',
      'Ihr Konto ist wieder offen. Sie melden sich mit demselben Passwort an wie vorher, und alles, was Sie geschrieben haben, ist da.',
    ],
    waits: [
      'Sie haben recht: Dass wir Ihr Konto gesperrt haben, war unser Fehler, und es tut uns leid.',
      'Wir öffnen Ihr Konto wieder; das kann eine Weile dauern. Sie müssen dafür nichts tun.',
    ],
    'not-suspended': [
      'Sie haben recht: Dass wir Ihr Konto gesperrt haben, war unser Fehler, und es tut uns leid.',
      'Diese Sperre war schon zu Ende, als wir nachgesehen haben.',
    ],
    'suspended-by-service': [
      'Sie haben recht: Die Sperre aus diesem Grund war unser Fehler, und wir haben sie zurückgenommen.',
      'Ihr Konto ist aus einem anderen Grund noch gesperrt, von dem unsere Nachricht nicht handelte. Bitte fragen Sie uns danach.',
    ],
    missing: ['Sie haben recht: Dass wir Ihr Konto gesperrt haben, war unser Fehler, und es tut uns leid.'],
    kept: [
      'Unsere Nachricht an Sie gilt, und Ihr Konto bleibt bis zu dem Tag gesperrt, der in der Nachricht steht.',
      'Bis dahin wird nichts davon gelöscht, und Sie müssen nichts tun, um es an diesem Tag zurückzubekommen.',
    ],
  },
  es: {
    reinstated: [
      'Tiene razón: suspender su cuenta fue un error nuestro, y lo sentimos.',
      'Su cuenta está abierta de nuevo. Inicie sesión con la misma contraseña que antes; todo lo que escribió sigue allí.',
    ],
    waits: [
      'Tiene razón: suspender su cuenta fue un error nuestro, y lo sentimos.',
      'Estamos abriendo su cuenta de nuevo, lo que puede tardar un poco. Para eso no tiene que hacer nada.',
    ],
    'not-suspended': [
      'Tiene razón: suspender su cuenta fue un error nuestro, y lo sentimos.',
      'Esa suspensión ya había terminado cuando lo miramos.',
    ],
    'suspended-by-service': [
      'Tiene razón: suspender su cuenta por ese motivo fue un error nuestro, y lo hemos retirado.',
      'Su cuenta sigue suspendida por otro motivo, del que nuestro aviso no trataba. Pregúntenos por él.',
    ],
    missing: ['Tiene razón: suspender su cuenta fue un error nuestro, y lo sentimos.'],
    kept: [
      'Nuestro aviso sigue en pie, y su cuenta sigue suspendida hasta el día que dice el aviso.',
      'Hasta entonces no se borra nada de ella, y no tiene que hacer nada para recuperarla ese día.',
    ],
  },
  ja: {
    reinstated: [
      'おっしゃるとおり、アカウントの停止は当方の誤りでした。申し訳ございません。',
      'アカウントはまたお使いいただけます。以前と同じパスワードでログインでき、書き込まれた内容もすべて残っています。',
    ],
    waits: [
      'おっしゃるとおり、アカウントの停止は当方の誤りでした。申し訳ございません。',
      'アカウントの停止を解除する作業をしています。少し時間がかかることがあります。していただくことはありません。',
    ],
    'not-suspended': [
      'おっしゃるとおり、アカウントの停止は当方の誤りでした。申し訳ございません。',
      '確認した時点で、その停止はすでに終わっていました。',
    ],
    'suspended-by-service': [
      'おっしゃるとおり、その理由による停止は当方の誤りでしたので、取り消しました。',
      'アカウントは、お知らせとは別の理由で引き続き停止しています。その理由についてはお尋ねください。',
    ],
    missing: ['おっしゃるとおり、アカウントの停止は当方の誤りでした。申し訳ございません。'],
    kept: [
      'お知らせの内容に変わりはなく、アカウントはお知らせに書かれた日まで停止したままです。',
      'それまで何も削除されず、その日にまたお使いいただくために、していただくことはありません。',
    ],
  },
};

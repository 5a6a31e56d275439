import type { CheckedSuspension } from '../../app/notice/check-notice.ts';
import type { PageLanguage } from './page-language.ts';

/** What a check of a notice about a suspension says of the account now, in one language. */
export interface SuspensionWords {
  readonly now: Readonly<Record<CheckedSuspension['is'], string>>;
  readonly checking: string;
  readonly lapses: string;
}

export const suspensionWords: Readonly<Record<PageLanguage, SuspensionWords>> = {
  en: {
    now: {
      suspended:
        'Your account is suspended: you cannot sign in, and nobody sees what you wrote. Nothing of it is deleted. If you think that this is wrong, you may ask a person to look again, below.',
      reinstated:
        'Your account is open again. You sign in with the password that you had, and all that you wrote is there.',
      lapsed: 'The suspension is over. You sign in with the password that you had, and all that you wrote is there.',
      elsewise:
        'We have taken our suspension back. If you still cannot sign in, the reason is another one: please ask us.',
    },
    checking:
      'We are checking whether our notice to you was right. We do not know yet; we will write to you when we do.',
    lapses: 'The suspension ends by itself',
  },
  de: {
    now: {
      suspended:
        'Ihr Konto ist gesperrt: Sie können sich nicht anmelden, und niemand sieht, was Sie geschrieben haben. Nichts davon wird gelöscht. Wenn Sie meinen, dass das nicht stimmt, können Sie unten einen Menschen bitten, noch einmal hinzusehen.',
      reinstated:
        'Ihr Konto ist wieder offen. Sie melden sich mit Ihrem bisherigen Passwort an, und alles, was Sie geschrieben haben, ist da.',
      lapsed:
        'Die Sperre ist zu Ende. Sie melden sich mit Ihrem bisherigen Passwort an, und alles, was Sie geschrieben haben, ist da.',
      elsewise:
        'Wir haben unsere Sperre zurückgenommen. Können Sie sich trotzdem nicht anmelden, hat das einen anderen Grund: Bitte fragen Sie uns.',
    },
    checking:
      'Wir prüfen, ob unsere Nachricht an Sie richtig war. Noch wissen wir es nicht; wir schreiben Ihnen, wenn wir es wissen.',
    lapses: 'Die Sperre endet von selbst',
  },
  es: {
    now: {
      suspended:
        'Su cuenta está suspendida: no puede iniciar sesión, y nadie ve lo que escribió. No se borra nada de ella. Si cree que esto no está bien, abajo puede pedir que una persona lo mire de nuevo.',
      reinstated:
        'Su cuenta está abierta de nuevo. Inicie sesión con la contraseña que tenía; todo lo que escribió sigue allí.',
      lapsed: 'La suspensión ha terminado. Inicie sesión con la contraseña que tenía; todo lo que escribió sigue allí.',
      elsewise:
        'Hemos retirado nuestra suspensión. Si aun así no puede iniciar sesión, el motivo es otro: pregúntenos por él.',
    },
    checking:
      'Estamos comprobando si nuestro aviso era correcto. Todavía no lo sabemos; le escribiremos cuando lo sepamos.',
    lapses: 'La suspensión termina por sí sola',
  },
  ja: {
    now: {
      suspended:
        'アカウントは停止しています。ログインはできず、書き込まれた内容はほかの方から見えません。何も削除されません。間違いだと思われる場合は、下から担当者による再確認をお求めいただけます。',
      reinstated:
        'アカウントはまたお使いいただけます。これまでのパスワードでログインでき、書き込まれた内容もすべて残っています。',
      lapsed: '停止は終わりました。これまでのパスワードでログインでき、書き込まれた内容もすべて残っています。',
      elsewise:
        '当社による停止は取り消しました。それでもログインできない場合は別の理由によるものですので、お尋ねください。',
    },
    checking:
      'お知らせが正しかったかどうかを確認しています。まだ結果は分かっていません。分かりしだいメールでお伝えします。',
    lapses: '停止が自動的に終わる日時',
  },
};

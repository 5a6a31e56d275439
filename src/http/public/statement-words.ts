import type { StatementCounts, StatementTimes } from '../../domain/ledger/statement-words.ts';
import type { PlanAction } from '../../domain/plan/frozen-plan.ts';
import type { PageLanguage } from './page-language.ts';

/** The fixed words of a public statement; its numbers and times come from the ledger. */
export interface StatementPageWords {
  readonly title: (service: string) => string;
  readonly asKnown: string;
  readonly howMany: string;
  readonly counts: Readonly<Record<keyof StatementCounts, string>>;
  readonly when: string;
  readonly times: Readonly<Record<keyof StatementTimes, string>>;
  readonly why: string;
  /** By the cause with which evidence was withdrawn. */
  readonly causes: Readonly<Record<string, string>>;
  readonly notYetKnown: string;
  readonly ownNotice: string;
  readonly checkLink: string;
  readonly sources: string;
}

export const statementPageWords: Readonly<Record<PageLanguage, StatementPageWords>> = {
  en: {
    title: (service) => `What happened at ${service}`,
    asKnown: 'As known on',
    howMany: 'How many people',
    counts: {
      toldAccepted: 'Told that their password was reset',
      toldUnknown: 'Perhaps told, because no reply was heard',
      contained: 'Password reset or signed out',
      holding: 'Written to that we are checking',
      corrected: 'Told of our mistake',
      correctedUnknown: 'Perhaps told of our mistake',
      restored: 'Given their password back',
      granted: 'Asked for a second look, and were right',
      kept: 'Protection or own new password kept',
      needsPerson: 'Still to be looked at by a person',
    },
    when: 'When',
    times: {
      started: 'Started',
      firstDispute: 'First reader said that it was not right',
      halted: 'Halted',
      holdingSent: 'First word that we were checking',
      withdrawn: 'Evidence withdrawn',
      corrected: 'Corrected',
    },
    why: 'Why',
    causes: {
      'wrong-verdict': 'Our check said that known passwords work on accounts on which they do not.',
      'own-export': 'The list that we acted on was an export of our own, and had not left us.',
      'rule-wrong': 'A rule of ours took ordinary sign-ins for those of an attacker.',
      'source-doubted': 'We doubt the source that we acted on.',
    },
    notYetKnown: 'not yet known',
    ownNotice: 'Did you get a notice from us? What we know of yours is shown there:',
    checkLink: 'Check a notice',
    sources: 'Where these numbers come from',
  },
  de: {
    title: (service) => `Was bei ${service} geschehen ist`,
    asKnown: 'Stand',
    howMany: 'Wie viele Menschen',
    counts: {
      toldAccepted: 'Benachrichtigt, dass ihr Passwort zurückgesetzt wurde',
      toldUnknown: 'Vielleicht benachrichtigt, weil keine Antwort kam',
      contained: 'Passwort zurückgesetzt oder abgemeldet',
      holding: 'Angeschrieben, dass wir prüfen',
      corrected: 'Über unseren Fehler unterrichtet',
      correctedUnknown: 'Vielleicht über unseren Fehler unterrichtet',
      restored: 'Passwort zurückgegeben',
      granted: 'Um einen zweiten Blick gebeten und recht gehabt',
      kept: 'Schutz oder eigenes neues Passwort behalten',
      needsPerson: 'Noch von einem Menschen zu prüfen',
    },
    when: 'Wann',
    times: {
      started: 'Begonnen',
      firstDispute: 'Erster Leser sagte, dass es nicht stimmt',
      halted: 'Angehalten',
      holdingSent: 'Erstes Wort, dass wir prüfen',
      withdrawn: 'Hinweise zurückgezogen',
      corrected: 'Berichtigt',
    },
    why: 'Warum',
    causes: {
      'wrong-verdict': 'Unsere Prüfung sagte, bekannte Passwörter gälten für Konten, für die sie nicht gelten.',
      'own-export': 'Die Liste, nach der wir handelten, war ein eigener Auszug und hatte uns nie verlassen.',
      'rule-wrong': 'Eine Regel von uns hielt gewöhnliche Anmeldungen für die eines Angreifers.',
      'source-doubted': 'Wir zweifeln an der Quelle, nach der wir handelten.',
    },
    notYetKnown: 'noch nicht bekannt',
    ownNotice: 'Haben Sie eine Nachricht von uns bekommen? Was wir über Ihre wissen, steht hier:',
    checkLink: 'Eine Nachricht prüfen',
    sources: 'Woher diese Zahlen kommen',
  },
  es: {
    title: (service) => `Qué ha pasado en ${service}`,
    asKnown: 'Lo que se sabe a fecha de',
    howMany: 'Cuántas personas',
    counts: {
      toldAccepted: 'Avisadas de que se restableció su contraseña',
      toldUnknown: 'Quizá avisadas, porque no hubo respuesta',
      contained: 'Contraseña restablecida o sesión cerrada',
      holding: 'Informadas por correo de que lo estamos comprobando',
      corrected: 'Informadas de nuestro error',
      correctedUnknown: 'Quizá informadas de nuestro error',
      restored: 'Contraseña devuelta',
      granted: 'Pidieron una segunda revisión y tenían razón',
      kept: 'Conservan la protección o su propia contraseña nueva',
      needsPerson: 'Pendientes de que las revise una persona',
    },
    when: 'Cuándo',
    times: {
      started: 'Comienzo',
      firstDispute: 'Primera persona que dijo que no era correcto',
      halted: 'Detenido',
      holdingSent: 'Primer aviso de que lo comprobábamos',
      withdrawn: 'Indicios retirados',
      corrected: 'Corregido',
    },
    why: 'Por qué',
    causes: {
      'wrong-verdict': 'Nuestra comprobación dijo que contraseñas conocidas servían en cuentas en las que no sirven.',
      'own-export': 'La lista con la que actuamos era una exportación nuestra y no había salido de aquí.',
      'rule-wrong': 'Una regla nuestra tomó inicios de sesión normales por los de un atacante.',
      'source-doubted': 'Dudamos de la fuente con la que actuamos.',
    },
    notYetKnown: 'aún no se sabe',
    ownNotice: '¿Recibió un aviso nuestro? Aquí se muestra lo que sabemos del suyo:',
    checkLink: 'Comprobar un aviso',
    sources: 'De dónde salen estos números',
  },
  ja: {
    title: (service) => `${service} で起きたこと`,
    asKnown: '現在の情報:',
    howMany: '人数',
    counts: {
      toldAccepted: 'パスワードのリセットをお知らせした方',
      toldUnknown: 'お知らせが届いた可能性のある方(応答なし)',
      contained: 'パスワードのリセットまたはログアウトの対象となった方',
      holding: '確認中であることをお知らせした方',
      corrected: '当方の誤りをお知らせした方',
      correctedUnknown: '当方の誤りのお知らせが届いた可能性のある方',
      restored: 'パスワードをお戻しした方',
      granted: '再確認のお申し出のとおりと担当者が認めた方',
      kept: '保護またはご自身の新しいパスワードが続いている方',
      needsPerson: 'これから担当者が確認する方',
    },
    when: '経過',
    times: {
      started: '開始',
      firstDispute: '正しくないとの最初のご指摘',
      halted: '停止',
      holdingSent: '確認中であることの最初のお知らせ',
      withdrawn: '根拠の取り下げ',
      corrected: '訂正',
    },
    why: '原因',
    causes: {
      'wrong-verdict': '当方の照合が、実際には使えないパスワードを使えるものと判定しました。',
      'own-export': '対応の根拠とした一覧は当方が書き出したもので、外部には出ていませんでした。',
      'rule-wrong': '当方の判定規則が、通常のログインを攻撃者のものと取り違えました。',
      'source-doubted': '対応の根拠とした情報源に疑いがあります。',
    },
    notYetKnown: 'まだわかっていません',
    ownNotice: '当方からのお知らせを受け取られた方は、こちらで内容をご確認いただけます。',
    checkLink: 'お知らせを確認する',
    sources: 'この数字の出どころ',
  },
};

type OfSuspension = Pick<StatementPageWords['counts'], 'toldAccepted' | 'contained' | 'restored' | 'kept'>;

/** What differs where accounts were suspended. */
const ofSuspension: Readonly<
  Record<PageLanguage, { readonly counts: OfSuspension; readonly causes: Readonly<Record<string, string>> }>
> = {
  en: {
    counts: {
      toldAccepted: 'Told that their account was suspended',
      contained: 'Suspended or signed out',
      restored: 'Let back into their account',
      kept: 'Suspension kept',
    },
    causes: {
      'wrong-verdict': 'We judged single accounts wrongly.',
      'own-export': 'The list that we acted on was an export of our own, and said nothing about these accounts.',
      'rule-wrong': 'A rule of ours took ordinary use for what we do not allow.',
    },
  },
  de: {
    counts: {
      toldAccepted: 'Benachrichtigt, dass ihr Konto gesperrt wurde',
      contained: 'Gesperrt oder abgemeldet',
      restored: 'Konto wieder geöffnet',
      kept: 'Sperre bleibt',
    },
    causes: {
      'wrong-verdict': 'Wir haben einzelne Konten falsch beurteilt.',
      'own-export': 'Die Liste, nach der wir gehandelt haben, war eine eigene und sagte nichts über diese Konten.',
      'rule-wrong': 'Eine unserer Regeln hielt gewöhnliche Nutzung für etwas, das wir nicht erlauben.',
    },
  },
  es: {
    counts: {
      toldAccepted: 'Avisadas de que se suspendió su cuenta',
      contained: 'Cuenta suspendida o sesión cerrada',
      restored: 'Cuenta abierta de nuevo',
      kept: 'La suspensión sigue',
    },
    causes: {
      'wrong-verdict': 'Juzgamos mal algunas cuentas.',
      'own-export': 'La lista en la que nos basamos era nuestra y no decía nada de estas cuentas.',
      'rule-wrong': 'Una regla nuestra tomó un uso normal por algo que no permitimos.',
    },
  },
  ja: {
    counts: {
      toldAccepted: 'アカウントの停止をお知らせした方',
      contained: 'アカウントの停止またはログアウトの対象となった方',
      restored: 'アカウントをまたお使いいただけるようにした方',
      kept: '停止が続いている方',
    },
    causes: {
      'wrong-verdict': '一部のアカウントについて判断を誤りました。',
      'own-export': 'もとにした一覧は当社のもので、これらのアカウントについて何も示していませんでした。',
      'rule-wrong': '当社の規則が、通常のご利用を認めていない使い方と取り違えました。',
    },
  },
};

/** The words of one statement: a suspension is never told as a reset. */
export function statementWordsOf(language: PageLanguage, action: PlanAction): StatementPageWords {
  const words = statementPageWords[language];
  if (action === 'reset') return words;
  const own = ofSuspension[language];
  return { ...words, counts: { ...words.counts, ...own.counts }, causes: { ...words.causes, ...own.causes } };
}

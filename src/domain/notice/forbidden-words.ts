/** What no mail of ours says in one language. Patterns run over the words with slots taken out, without regard to case. */
export interface ForbiddenWords {
  /** Where it came from, or what happened: nobody proved that. */
  readonly unprovedCause: RegExp;
  /** A frightened person is not hurried; thieves hurry people. */
  readonly urgency: RegExp;
  /** Invitations that false mails make. */
  readonly lure: RegExp;
  /** Words of an action other than a reset (a reset told as a suspension). */
  readonly otherAction: RegExp;
  /** Words of a reset, in a mail about a suspension: its reader's password is as it was. */
  readonly resetAction: RegExp;
}

/** A language that is not here has no linter yet, and so no template. */
export const forbiddenWords: Readonly<Record<string, ForbiddenWords>> = {
  en: {
    unprovedCause:
      /\b(elsewhere|another (web)?site|other (web)?sites?|third[- ]part(y|ies)|not associated with|hack(ed|ers?)?|breach(ed)?|leak(ed)?|stolen|compromised|dark web)\b/iu,
    urgency:
      /\b(urgent(ly)?|immediately|at once|right away|act now|as soon as possible|within \d+ (hours?|days?)|final warning|last chance|or else)\b|!/iu,
    lure: /\b(click here|click below|log ?in (here|below)|sign in (here|below)|verify your (account|identity)|confirm your password)\b/iu,
    otherAction: /\b(suspend(ed)?|suspension|ban(ned)?|blocked|disabled|closed|deleted|terminated)\b/iu,
    resetAction: /\b(reset|forgot password|old password|new password|choose a password)\b/iu,
  },
  de: {
    unprovedCause:
      /(woanders|andernorts|andere[nr]? (web)?seiten?|drittanbieter|dritte[nr]? dienst|gehackt|hacker|datenleck|datenpanne|gestohlen|kompromittiert|darknet)/iu,
    urgency:
      /(dringend|sofort|umgehend|unverzüglich|schnellstmöglich|jetzt handeln|innerhalb von \d+ (stunden?|tagen?)|letzte warnung|letzte mahnung)|!/iu,
    lure: /(klicken sie hier|hier klicken|hier anmelden|hier einloggen|konto verifizieren|bestätigen sie ihr passwort)/iu,
    otherAction: /(gesperrt|sperrung|suspendiert|deaktiviert|gelöscht|geschlossen)/iu,
    resetAction: /(zurückgesetzt|zurücksetzen|passwort vergessen|altes passwort|alte passwort|neues passwort)/iu,
  },
  es: {
    unprovedCause:
      /(en otro (sitio|servicio|lugar)|en otra (web|página|parte)|otros sitios|terceros|hacke(o|ad[oa]s?)|pirate(o|ad[oa]s?)|filtraci(ón|ones)|filtrad[oa]s?|robad[oa]s?|comprometid[oa]s?|web oscura)/iu,
    urgency:
      /(urgente(mente)?|inmediatamente|de inmediato|cuanto antes|actúe ya|en un plazo de|antes de \d+ (horas?|días?)|último aviso)|[¡!]/iu,
    lure: /(haga clic|pulse aquí|inicie sesión aquí|verifique su (cuenta|identidad)|confirme su contraseña)/iu,
    otherAction: /(suspendid[oa]s?|suspensión|bloquead[oa]s?|desactivad[oa]s?|cerrad[oa] su cuenta|eliminad[oa]s?)/iu,
    resetAction:
      /(restableci|restablecer|olvidado su contraseña|contraseña (antigua|anterior|nueva)|nueva contraseña)/iu,
  },
  ja: {
    unprovedCause:
      /(他の(サイト|サービス)|別の(サイト|サービス)|他社|外部の(サイト|サービス)|ハッキング|ハッカー|流出|漏洩|漏えい|盗まれ|ダークウェブ)/u,
    urgency: /(至急|緊急|今すぐ|直ちに|ただちに|速やかに|お急ぎ|時間以内|日以内|最終警告|最後の警告)|[!!]/u,
    lure: /(こちらをクリック|ここをクリック|こちらからログイン|ここからログイン|本人確認をして|パスワードを入力して)/u,
    otherAction: /(停止|凍結|利用制限|削除|閉鎖|ロック)/u,
    resetAction: /(リセット|パスワードをお忘れ|以前のパスワード|新しいパスワード)/u,
  },
};

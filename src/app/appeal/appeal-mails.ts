import type { AppealDecision } from '../../domain/appeal/appeal.ts';
import { suspensionAppealWords } from './suspension-appeal-words.ts';
import type { SuspensionAnswer } from './suspension-appeal-words.ts';
import { chooseLanguage } from '../notice/choose-language.ts';
import type { HolderMail } from '../ports/holder-mailer.ts';

interface Letter {
  readonly to: string;
  readonly language: string | null;
  readonly reference: string;
  readonly service: string;
  readonly contact: string;
  /** Of the notice that the appeal is about. */
  readonly number: string;
}

interface DecisionWords {
  readonly subject: string;
  readonly asked: string;
  readonly granted: readonly string[];
  readonly declined: readonly string[];
  readonly person: string;
}

const words: Readonly<Record<string, (letter: Letter) => DecisionWords>> = {
  en: ({ service, contact, number }) => ({
    subject: `We have looked at your notice from ${service} again`,
    asked: `You asked us to look again at our notice ${number}. A person has done so.`,
    granted: [
      'You are right: our notice to you was a mistake.',
      'We are putting it right, and write to you again when it is done. Until then your account keeps its protection, and you do not have to do anything.',
    ],
    declined: [
      'Our notice to you stands, and your account keeps its protection.',
      'You get back in as the notice says. Please do not use your old password again, here or elsewhere.',
    ],
    person: `If you know something that we do not, ask a person: ${contact}`,
  }),
  de: ({ service, contact, number }) => ({
    subject: `Wir haben Ihre Nachricht von ${service} noch einmal geprüft`,
    asked: `Sie haben uns gebeten, unsere Nachricht ${number} noch einmal anzusehen. Ein Mensch hat das getan.`,
    granted: [
      'Sie haben recht: Unsere Nachricht an Sie war ein Fehler.',
      'Wir bringen es in Ordnung und schreiben Ihnen wieder, wenn es getan ist. Bis dahin behält Ihr Konto seinen Schutz, und Sie müssen nichts tun.',
    ],
    declined: [
      'Unsere Nachricht an Sie gilt, und Ihr Konto behält seinen Schutz.',
      'Sie kommen so wieder hinein, wie es in der Nachricht steht. Bitte benutzen Sie Ihr altes Passwort nicht mehr, weder hier noch anderswo.',
    ],
    person: `Wissen Sie etwas, das wir nicht wissen, dann fragen Sie einen Menschen: ${contact}`,
  }),
  es: ({ service, contact, number }) => ({
    subject: `Hemos vuelto a revisar su aviso de ${service}`,
    asked: `Nos pidió que revisáramos de nuevo nuestro aviso ${number}. Una persona lo ha hecho.`,
    granted: [
      'Tiene razón: nuestro aviso fue un error.',
      'Lo estamos arreglando y le escribiremos cuando esté hecho. Hasta entonces su cuenta conserva su protección y usted no tiene que hacer nada.',
    ],
    declined: [
      'Nuestro aviso sigue en pie y su cuenta conserva su protección.',
      'Vuelva a entrar como dice el aviso. No use más su contraseña antigua, ni aquí ni en otro sitio.',
    ],
    person: `Si sabe algo que nosotros no sabemos, pregunte a una persona: ${contact}`,
  }),
  ja: ({ service, contact, number }) => ({
    subject: `${service} からのお知らせを改めて確認しました`,
    asked: `お知らせ ${number} の再確認のお申し出により、担当者が確認しました。`,
    granted: [
      'おっしゃるとおり、お送りしたお知らせは当方の誤りでした。',
      'ただいま元に戻す作業をしており、終わりしだい改めてご連絡します。それまでアカウントの保護は続きます。何もしていただく必要はありません。',
    ],
    declined: [
      'お知らせの内容に変わりはなく、アカウントの保護は続きます。',
      'お知らせに書かれた方法でログインし直してください。以前のパスワードは、ここでも他でも使わないでください。',
    ],
    person: `当方の知らない事情がある場合は、担当者にお尋ねください: ${contact}`,
  }),
};

/** `suspension`: what became of a suspended account; null where the appeal is about something else. */
export function decisionMail(
  decision: AppealDecision,
  suspension: SuspensionAnswer | null,
  letter: Letter,
): HolderMail {
  const { language } = chooseLanguage(letter.language, Object.keys(words));
  const said = words[language]?.(letter);
  if (said === undefined) throw new Error(`no words in ${language}`);
  const found = suspension === null ? said[decision] : suspensionAppealWords[language]?.[suspension];
  if (found === undefined) throw new Error(`no words about a suspension in ${language}`);
  return {
    to: letter.to,
    reference: letter.reference,
    language,
    subject: said.subject,
    parts: [said.asked, ...found, said.person].map((text) => ({ text })),
  };
}

import { kindRulesOf, type KindRule } from './kind-rules.ts';
import { lintWords } from './lint-words.ts';
import type { BlockShape, DescribedAction, MailTemplate, NoticeTemplate, TemplateKind } from './template.ts';
import { templateKinds } from './template.ts';

/** Why a template is not fit to be sent, and where. */
export interface TemplateFinding {
  /** `notice`, `notice/de`, `notice/de/why-verified`. */
  readonly where: string;
  readonly problem: string;
}

/**
 * Everything that makes a template unfit; empty means fit. A notice without its four companions in each of its languages
 * is unfit: no retraction, no send. English must be there, because it is what a person of no known language gets.
 */
export function lintTemplate(template: NoticeTemplate): readonly TemplateFinding[] {
  const rules = kindRulesOf(template.describesAction);
  if (rules === null) {
    return [
      { where: template.id, problem: `no rules are written for notices of the action ${template.describesAction}` },
    ];
  }
  const languages = Object.keys(template.mails.notice?.languages ?? {}).toSorted();
  const findings: TemplateFinding[] = [];
  if (!languages.includes('en')) findings.push({ where: 'notice', problem: 'has no English words to fall back on' });
  for (const kind of templateKinds) {
    const mail = template.mails[kind];
    if (mail === undefined)
      findings.push({ where: kind, problem: 'is missing: a notice goes out only with its companions' });
    else findings.push(...lintMail(template.describesAction, kind, mail, rules[kind], languages));
  }
  return findings;
}

function lintMail(
  action: DescribedAction,
  kind: TemplateKind,
  mail: MailTemplate,
  rule: KindRule,
  languages: readonly string[],
): readonly TemplateFinding[] {
  const findings = lintBlocks(mail.blocks, rule).map((problem): TemplateFinding => ({ where: kind, problem }));
  const own = Object.keys(mail.languages).toSorted();
  for (const language of languages) {
    if (!own.includes(language)) findings.push({ where: `${kind}/${language}`, problem: 'this language is missing' });
  }
  for (const [language, words] of Object.entries(mail.languages)) {
    if (!languages.includes(language)) {
      findings.push({ where: `${kind}/${language}`, problem: 'the notice itself lacks this language' });
    }
    for (const finding of lintWords(action, language, mail.blocks, words)) {
      findings.push({ where: `${kind}/${language}/${finding.where}`, problem: finding.problem });
    }
  }
  return findings;
}

function lintBlocks(blocks: readonly BlockShape[], rule: KindRule): readonly string[] {
  const problems: string[] = [];
  const ids = blocks.map((block) => block.id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index)))
    problems.push(`two blocks are named ${id}`);
  for (const claim of rule.mandatory) {
    if (!blocks.some((block) => block.need === 'mandatory' && block.claim === claim)) {
      problems.push(`the mandatory claim ${claim} is missing`);
    }
  }
  for (const [group, claims] of Object.entries(rule.groups)) {
    const offered = blocks.flatMap((block) => (block.need === 'one-of' && block.group === group ? [block.claim] : []));
    for (const claim of claims) {
      if (!offered.includes(claim)) problems.push(`the group ${group} lacks the claim ${claim}`);
    }
  }
  for (const block of blocks) {
    const problem = misplaced(block, rule);
    if (problem !== null) problems.push(problem);
  }
  // The check page tells a reader which link the mail had, and that it had no other.
  if (blocks.filter((block) => block.form === 'link').length !== 1) problems.push('a mail has exactly one link');
  if (blocks.filter((block) => block.form === 'number').length !== 1)
    problems.push('a mail shows its number exactly once');
  for (const block of blocks) {
    if ((block.form === 'link' || block.form === 'number') && block.need !== 'always') {
      problems.push(`${block.id} must always appear`);
    }
  }
  return problems;
}

function misplaced(block: BlockShape, rule: KindRule): string | null {
  switch (block.need) {
    case 'always':
      return null;
    case 'mandatory':
    case 'optional':
      return rule.mandatory.includes(block.claim) || rule.allowed.includes(block.claim)
        ? null
        : `${block.id} makes the claim ${block.claim}, which this kind of mail does not make`;
    case 'one-of':
      return rule.groups[block.group]?.includes(block.claim) === true
        ? null
        : `${block.id} puts the claim ${block.claim} into the group ${block.group}, where it does not belong`;
  }
}

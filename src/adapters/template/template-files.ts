import { z } from 'zod';
import { claimNames } from '../../domain/notice/claim.ts';
import { templateKinds } from '../../domain/notice/template.ts';

/** The shape of `form.yaml`: what each mail is made of, in every language. */
const blockBase = {
  id: z.string().regex(/^[a-z][a-z-]{0,39}$/),
  form: z.enum(['heading', 'paragraph', 'list', 'number', 'link']),
};
const claim = z.enum(claimNames);

const blockSchema = z.discriminatedUnion('need', [
  z.strictObject({ ...blockBase, need: z.literal('always') }),
  z.strictObject({ ...blockBase, need: z.literal('mandatory'), claim }),
  z.strictObject({ ...blockBase, need: z.literal('optional'), claim }),
  z.strictObject({ ...blockBase, need: z.literal('one-of'), claim, group: z.string().regex(/^[a-z]{1,20}$/) }),
]);

export const formSchema = z.strictObject({
  describesAction: z.enum(['reset', 'end-sessions', 'step-up', 'suspend']),
  mails: z.partialRecord(z.enum(templateKinds), z.array(blockSchema).min(1).max(60)),
});

/** The shape of `<language>.yaml`: the words of every mail; a list has several items. */
export const wordsSchema = z.partialRecord(
  z.enum(templateKinds),
  z.strictObject({
    subject: z.string(),
    words: z.record(z.string(), z.union([z.string(), z.array(z.string()).max(12)])),
  }),
);

/**
 * The only things that vary in a mail. `service-name` and `support-contact` are constants of the plan;
 * the others belong to the person's row. None is text that a holder chose (I5).
 */
export const slotNames = [
  'service-name',
  'support-contact',
  'notice-number',
  'check-url',
  'earlier-notice-number',
  'earlier-notice-on',
  'contained-on',
  'sessions-ended-on',
  'suspended-on',
  'suspended-until',
] as const;

export type SlotName = (typeof slotNames)[number];

export const constantSlots = ['service-name', 'support-contact'] as const satisfies readonly SlotName[];
export type ConstantSlot = (typeof constantSlots)[number];
export type PersonSlot = Exclude<SlotName, ConstantSlot>;

export type Segment = { readonly literal: string } | { readonly slot: SlotName };

/** Splits `Hello {service-name}` into literals and slots. Otherwise names the first slot or brace that cannot be. */
export function parseSegments(text: string): readonly Segment[] | { readonly unknownSlot: string } {
  const segments: Segment[] = [];
  for (const [index, piece] of text.split(/\{([^{}]*)\}/).entries()) {
    if (index % 2 === 1) {
      const slot = slotNames.find((name) => name === piece);
      if (slot === undefined) return { unknownSlot: piece };
      segments.push({ slot });
    } else if (/[{}]/.test(piece)) {
      return { unknownSlot: piece };
    } else if (piece !== '') {
      segments.push({ literal: piece });
    }
  }
  return segments;
}

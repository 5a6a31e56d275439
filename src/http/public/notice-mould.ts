import type { NoticeNumber } from '../../domain/shared/ids.ts';
import { noticePage } from './notice-page.ts';
import type { PageReader } from './page-layout.ts';

/** Stands for the number while a page is rendered: no number has it, nor any of our words. */
const blank = '\uE000' as NoticeNumber;
/** Two for each language; more only where the service's own words change while it runs. */
const mouldsMax = 100;

export interface NoticeMould {
  page(reader: PageReader, number: NoticeNumber | null): Promise<Uint8Array<ArrayBuffer>>;
  /** The same where it was rendered before; else null, and it is rendered for the next who asks. */
  pageAtHand(reader: PageReader, number: NoticeNumber | null): Uint8Array<ArrayBuffer> | null;
}

interface Kept {
  readonly rendered: Promise<readonly Buffer[]>;
  parts: readonly Buffer[] | null;
}

/**
 * `noticePage` as UTF-8. A page is the same for everybody but for its number, which is letters, digits and hyphens, so each is
 * rendered once and the number put in: in a storm everybody opens this page at the same moment. As bytes, since
 * writing a text that was put together costs more than all else.
 */
export function makeNoticeMould(): NoticeMould {
  const moulds = new Map<string, Kept>();
  const mouldOf = (reader: PageReader, number: NoticeNumber | null): Kept => {
    const key = `${number === null ? '' : '#'}${reader.language} ${reader.isRecoveryHosted ? 'hosted' : ''}\n${reader.recoveryUrl ?? ''}\n${reader.service}`;
    const known = moulds.get(key);
    if (known !== undefined) return known;
    const rendered = render(reader, number === null ? null : blank);
    const kept: Kept = { rendered, parts: null };
    rendered.then(
      (parts) => (kept.parts = parts),
      () => moulds.delete(key),
    );
    if (moulds.size >= mouldsMax) moulds.clear();
    moulds.set(key, kept);
    return kept;
  };
  return {
    page: async (reader, number) => cast(await mouldOf(reader, number).rendered, number),
    pageAtHand(reader, number) {
      const { parts } = mouldOf(reader, number);
      return parts === null ? null : cast(parts, number);
    },
  };
}

function cast(parts: readonly Buffer[], number: NoticeNumber | null): Buffer<ArrayBuffer> {
  const written = Buffer.from(number ?? '', 'latin1');
  return Buffer.concat(parts.flatMap((part, at) => (at === 0 ? [part] : [written, part])));
}

async function render(reader: PageReader, number: NoticeNumber | null): Promise<readonly Buffer[]> {
  return (await noticePage(reader, number))
    .toString()
    .split(blank)
    .map((part) => Buffer.from(part, 'utf8'));
}

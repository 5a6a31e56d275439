import type { NoticeNumber } from '../../domain/shared/ids.ts';
import { noticePage } from './notice-page.ts';
import type { PageReader } from './page-layout.ts';

/** Stands for the number while a page is rendered: no number has it, nor any of our words. */
const blank = '\uE000' as NoticeNumber;
/** Between two lines of a template; no page of a notice holds text whose blanks count. */
const lineBegins = /\n\s+/g;
/** Two for each language; more only where the service's own words change while it runs. */
const mouldsMax = 100;

/**
 * A page as UTF-8, a byte in each character (Node's "latin1"). Strings are put together for nothing, and the headers and the
 * page go out in one write; bytes put together would be copied once more, and collected.
 */
export type PageBytes = string;

export interface NoticeMould {
  page(reader: PageReader, number: NoticeNumber | null): Promise<PageBytes>;
  /** The same where it was rendered before; else null, and it is rendered for the next who asks. */
  pageAtHand(reader: PageReader, number: NoticeNumber | null): PageBytes | null;
}

interface Kept {
  readonly rendered: Promise<readonly PageBytes[]>;
  parts: readonly PageBytes[] | null;
}

/**
 * `noticePage`, rendered once for each language. It is the same for everybody but for its number, which is letters, digits
 * and hyphens and is put in: in a storm everybody opens this page at the same moment.
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

function cast(parts: readonly PageBytes[], number: NoticeNumber | null): PageBytes {
  return parts.join(number ?? '');
}

async function render(reader: PageReader, number: NoticeNumber | null): Promise<readonly PageBytes[]> {
  return (await noticePage(reader, number))
    .toString()
    .replaceAll(lineBegins, '\n')
    .split(blank)
    .map((part) => Buffer.from(part, 'utf8').toString('latin1'));
}

import type { NoticeNumber } from '../../domain/shared/ids.ts';
import { noticePage } from './notice-page.ts';
import type { PageReader } from './page-layout.ts';

/** Stands for the number while a page is rendered: no number has it, nor any of our words. */
const blank = '\uE000' as NoticeNumber;
/** Two for each language; more only where the service's own words change while it runs. */
const mouldsMax = 100;

/**
 * `noticePage` as UTF-8. A page is the same for everybody but for its number, which is letters, digits and hyphens, so each is
 * rendered once and the number put in: in a storm everybody opens this page at the same moment. As bytes, since
 * writing a text that was put together costs more than all else.
 */
export function makeNoticeMould(): (
  reader: PageReader,
  number: NoticeNumber | null,
) => Promise<Uint8Array<ArrayBuffer>> {
  const moulds = new Map<string, Promise<readonly Buffer[]>>();
  return async (reader, number) => {
    const { language, service, recoveryUrl, isRecoveryHosted } = reader;
    const key = [number === null, language, isRecoveryHosted, recoveryUrl, service].join('\n');
    let mould = moulds.get(key);
    if (mould === undefined) {
      mould = render(reader, number === null ? null : blank);
      if (moulds.size >= mouldsMax) moulds.clear();
      moulds.set(key, mould);
    }
    const written = Buffer.from(number ?? '', 'latin1');
    return Buffer.concat((await mould).flatMap((part, at) => (at === 0 ? [part] : [written, part])));
  };
}

async function render(reader: PageReader, number: NoticeNumber | null): Promise<readonly Buffer[]> {
  return (await noticePage(reader, number))
    .toString()
    .split(blank)
    .map((part) => Buffer.from(part, 'utf8'));
}

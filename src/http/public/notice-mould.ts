import type { NoticeNumber } from '../../domain/shared/ids.ts';
import { noticePage } from './notice-page.ts';
import type { PageReader } from './page-layout.ts';

/** Stands for the number while a page is rendered: no number has it, nor any of our words. */
const blank = '\uE000' as NoticeNumber;
/** Two for each language; more only where the service's own words change while it runs. */
const mouldsMax = 100;

/**
 * `noticePage` as text. A page is the same for everybody but for its number, which is letters, digits and hyphens, so each is
 * rendered once and the number put in: in a storm everybody opens this page at the same moment.
 */
export function makeNoticeMould(): (reader: PageReader, number: NoticeNumber | null) => Promise<string> {
  const moulds = new Map<string, Promise<readonly string[]>>();
  return async (reader, number) => {
    const { language, service, recoveryUrl, isRecoveryHosted } = reader;
    const key = [number === null, language, isRecoveryHosted, recoveryUrl, service].join('\n');
    let mould = moulds.get(key);
    if (mould === undefined) {
      mould = render(reader, number === null ? null : blank);
      if (moulds.size >= mouldsMax) moulds.clear();
      moulds.set(key, mould);
    }
    return (await mould).join(number ?? '');
  };
}

async function render(reader: PageReader, number: NoticeNumber | null): Promise<readonly string[]> {
  return (await noticePage(reader, number)).toString().split(blank);
}

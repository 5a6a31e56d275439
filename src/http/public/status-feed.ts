import type { WrittenStatement } from '../../app/statement/write-statement.ts';
import type { StatementCounts, StatementTimes } from '../../domain/ledger/statement-words.ts';
import type { PageLanguage } from './page-language.ts';
import { statementWordsOf } from './statement-words.ts';

/** One statement as feeds tell it: only what the ledger knows. */
export interface StatusItem {
  /** The address of its page, which is its name in a feed as well. */
  readonly url: string;
  readonly title: string;
  /** What happened when, in its order, and how many people. */
  readonly lines: readonly string[];
  readonly startedAt: Date;
  /** Of the newest thing that it tells. */
  readonly updatedAt: Date;
}

export interface Feed {
  readonly title: string;
  /** Who says so: the service, as its holders know it. */
  readonly author: string;
  readonly homeUrl: string;
  readonly selfUrl: string;
  readonly language: PageLanguage;
  readonly items: readonly StatusItem[];
}

/** Before anything is known of a statement, it is as old as the epoch, so that no reader takes it for news. */
const unknownTime = new Date(0);

export function statusItem(statement: WrittenStatement, language: PageLanguage, publicUrl: string): StatusItem {
  const words = statementWordsOf(language, statement.action);
  const times = (Object.keys(words.times) as (keyof StatementTimes)[])
    .flatMap((name) => {
      const { value } = statement.times[name];
      return value === null ? [] : [{ at: value, text: `${value.toISOString()} ${words.times[name]}` }];
    })
    .toSorted((left, right) => left.at.getTime() - right.at.getTime());
  const counts = (Object.keys(words.counts) as (keyof StatementCounts)[]).flatMap((name) => {
    const { value } = statement.counts[name];
    return value === null || value === 0 ? [] : [`${words.counts[name]}: ${value}`];
  });
  const { cause } = statement;
  return {
    url: new URL(`/statement/${statement.plan}`, publicUrl).href,
    title: `${words.title(statement.service)} (${statement.plan})`,
    lines: [
      ...times.map(({ text }) => text),
      ...counts,
      ...(cause.value === null ? [] : [words.causes[cause.value] ?? cause.value]),
    ],
    startedAt: times[0]?.at ?? unknownTime,
    updatedAt: times.at(-1)?.at ?? unknownTime,
  };
}

/** RFC 4287. Every text of it is escaped; nothing in it is markup. */
export function atomFeed(feed: Feed): string {
  const updated = feed.items.map((item) => item.updatedAt).reduce((a, b) => (a > b ? a : b), unknownTime);
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${feed.language}">`,
    `<title>${xml(feed.title)}</title>`,
    `<id>${xml(feed.homeUrl)}</id>`,
    `<link rel="self" type="application/atom+xml" href="${xml(feed.selfUrl)}"/>`,
    `<link rel="alternate" type="text/html" href="${xml(feed.homeUrl)}"/>`,
    `<updated>${updated.toISOString()}</updated>`,
    `<author><name>${xml(feed.author)}</name></author>`,
    ...feed.items.flatMap((item) => [
      '<entry>',
      `<title>${xml(item.title)}</title>`,
      `<id>${xml(item.url)}</id>`,
      `<link rel="alternate" type="text/html" href="${xml(item.url)}"/>`,
      `<published>${item.startedAt.toISOString()}</published>`,
      `<updated>${item.updatedAt.toISOString()}</updated>`,
      `<content type="text">${xml(item.lines.join('\n'))}</content>`,
      '</entry>',
    ]),
    '</feed>',
    '',
  ].join('\n');
}

/** JSON Feed 1.1. */
export function jsonFeed(feed: Feed): object {
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    home_page_url: feed.homeUrl,
    feed_url: feed.selfUrl,
    language: feed.language,
    authors: [{ name: feed.author }],
    items: feed.items.map((item) => ({
      id: item.url,
      url: item.url,
      title: item.title,
      content_text: item.lines.join('\n'),
      date_published: item.startedAt.toISOString(),
      date_modified: item.updatedAt.toISOString(),
    })),
  };
}

function xml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

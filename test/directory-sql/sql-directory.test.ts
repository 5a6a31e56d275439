import { afterAll, describe } from 'vitest';
import { makeSqlDirectory } from '../../src/adapters/directory/sql/sql-directory.ts';
import { directoryContract } from '../contract/directory-contract.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { openShop } from './shop.ts';

describe('a directory of mapped tables, as the role that its own GRANTs make', () => {
  const postgres = withTestPostgres();
  const closers: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closers) await close();
  });

  describe.each([
    ['one table, by the functions of the DBA', 'oneTable', 'functions'],
    ['one table, directly', 'oneTable', 'direct'],
    ['a joined table of hashes, by the functions of the DBA', 'joined', 'functions'],
    ['a joined table of hashes, directly', 'joined', 'direct'],
    ['tokens with a version, by the functions of the DBA', 'versioned', 'functions'],
    ['tokens with a version, directly', 'versioned', 'direct'],
    ['tokens with a stamp, by the functions of the DBA', 'stamped', 'functions'],
    ['tokens with a stamp, directly', 'stamped', 'direct'],
    ['tokens that nothing ends, by the functions of the DBA', 'stateless', 'functions'],
    ['tokens that nothing ends, directly', 'stateless', 'direct'],
  ] as const)('%s', (_, shape, mode) => {
    directoryContract(async () => {
      const shop = await openShop(await postgres.freshDatabase(), shape);
      const { mapping, sql } = await shop.propose(mode);
      await shop.pool.query(sql);
      const make = (databaseUrl: string) =>
        makeSqlDirectory({ databaseUrl, name: 'shop', environment: 'test', mapping });
      const directory = make(shop.urlAs('allclear_directory'));
      const unavailable = make('postgres://nobody@127.0.0.1:1/nowhere');
      closers.push(directory.close, unavailable.close, shop.close);
      return { ...shop, directory, unavailable };
    });
  });
});

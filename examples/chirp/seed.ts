import { ensureChirp } from './template.ts';

/**
 * Makes Chirp's database in a cluster once, with its population: `node examples/chirp/seed.ts ADMIN_URL NAME`. Prints the
 * database's URL. A database that is there already is left as it is.
 */
const [adminUrl, name] = process.argv.slice(2);
if (adminUrl === undefined || name === undefined) {
  console.error('usage: node examples/chirp/seed.ts ADMIN_URL NAME');
  process.exit(2);
}
console.log(await ensureChirp(adminUrl, name));

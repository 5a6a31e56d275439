import type pg from 'pg';
import type { Language } from '../languages.ts';
import { makeRandom } from '../random.ts';
import type { Person } from './ground-truth.ts';

const firstChirps: readonly { readonly language: Language; readonly text: string }[] = [
  { language: 'en', text: 'The kettle is on, the rain can do what it likes.' },
  { language: 'de', text: 'Der Zug ist pünktlich. Ich traue der Sache nicht.' },
  { language: 'es', text: 'Hoy el panadero me ha guardado la última ensaimada.' },
  { language: 'ja', text: '今朝の富士山がとてもきれいでした。' },
  { language: 'en', text: 'Found my umbrella. It was in the other umbrella.' },
  { language: 'de', text: 'Zwölf Tomaten vom Balkon. Ernte beendet.' },
  { language: 'es', text: 'Tres horas de siesta y aún no sé en qué año estamos.' },
  { language: 'ja', text: '駅前の新しいパン屋さん、おすすめです。' },
  { language: 'en', text: 'New personal best at missing the bus.' },
  { language: 'en', text: 'Does anyone else name their sourdough? Asking for Kevin.' },
  { language: 'de', text: 'Passwort geändert, Kaffee gekocht, in dieser Reihenfolge.' },
  { language: 'es', text: 'El gato ha decidido que la silla es suya. Escribo de pie.' },
];

/** Puts a few chirps on the timeline, each by somebody who writes its language. */
export async function insertFirstChirps(client: pg.ClientBase, people: readonly Person[], seed: number): Promise<void> {
  const random = makeRandom(seed, 'chirps');
  for (const { language, text } of firstChirps) {
    const speakers = people.filter((person) => person.language === language);
    if (speakers.length === 0) continue;
    await client.query('INSERT INTO chirp ("userId", text) VALUES ($1, $2)', [random.pick(speakers).accountId, text]);
  }
}

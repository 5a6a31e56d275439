import type { Language } from '../languages.ts';

/** A part of a name, as it is shown and as it goes into an address. */
export interface NamePart {
  readonly shown: string;
  readonly ascii: string;
}

const transliterations: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };

function toAscii(shown: string): string {
  const spelled = shown.replaceAll(/[äöüß]/g, (letter) => transliterations[letter] ?? letter);
  // Decomposing splits the accents off, and what is not a letter then goes.
  return spelled.normalize('NFD').replaceAll(/[^A-Za-z]/g, '');
}

function latin(names: string): readonly NamePart[] {
  return names.split(' ').map((shown) => ({ shown, ascii: toAscii(shown) }));
}

function japanese(names: string): readonly NamePart[] {
  return names.split(' ').map((pair) => {
    const [shown = '', ascii = ''] = pair.split('=');
    return { shown, ascii };
  });
}

export const givenNames: Readonly<Record<Language, readonly NamePart[]>> = {
  en: latin(
    'Alice Amelia Ben Chloe Daniel Emma Ethan Freya George Grace Harry Isla Jack Kate Kirk Liam Lily Mason Mia Nick Oliver Poppy Ruby Sam Sophie Thomas Violet William',
  ),
  de: latin(
    'Anna Björn Clara Dieter Elke Finn Greta Günter Hanna Ines Jörg Jürgen Katrin Klaus Lena Lukas Marie Matthias Nele Ole Petra Sabine Sören Thilo Ute Wiebke',
  ),
  es: latin(
    'Álvaro Ana Begoña Carlos Carmen Concepción Diego Elena Inés Íñigo Javier José Laura Lucía Manuel María Martín Nuria Óscar Pablo Raúl Sofía Tomás Ximena',
  ),
  ja: japanese(
    '愛=ai 葵=aoi 千尋=chihiro 大輔=daisuke 恵美=emi 花子=hanako 遥=haruka 一郎=ichiro 純=jun 香織=kaori 健太=kenta 真=makoto 美咲=misaki 直樹=naoki 蓮=ren 桜=sakura 翔=sho 太郎=taro 陽菜=hina 結衣=yui 裕子=yuko',
  ),
};

export const familyNames: Readonly<Record<Language, readonly NamePart[]>> = {
  en: latin(
    'Adams Baker Blake Carter Clark Cook Davies Ellis Evans Fisher Foster Green Harris Hughes Jackson King Kirkby Lewis Mills Morgan Parker Quick Reed Shaw Turner Walker Watkins Young',
  ),
  de: latin(
    'Bauer Becker Böhm Fischer Fuchs Groß Hoffmann Huber Jäger Kaiser Keller Köhler Krüger Lang Maier Müller Neumann Richter Schäfer Schmidt Schröder Vogel Wagner Weiß Zimmermann',
  ),
  es: latin(
    'Álvarez Blanco Castro Díaz Fernández García Gil Gómez Hernández Ibáñez Jiménez López Martínez Moreno Muñoz Núñez Ortega Pérez Ramírez Ruiz Sánchez Torres Vázquez',
  ),
  ja: japanese(
    '阿部=abe 藤井=fujii 橋本=hashimoto 林=hayashi 石川=ishikawa 伊藤=ito 加藤=kato 木村=kimura 小林=kobayashi 松本=matsumoto 森=mori 中村=nakamura 小川=ogawa 斎藤=saito 佐藤=sato 清水=shimizu 鈴木=suzuki 高橋=takahashi 田中=tanaka 渡辺=watanabe 山田=yamada 吉田=yoshida',
  ),
};

/**
 * Text written over colour Doppler: `npx tsx bench/burned-in-colour.ts [frames] [seed]`. Lines in the colours that devices write
 * in are planted inside a jet of many colours; a jet without text is counted, too. One is hidden when boxes cover nine tenths of
 * its ink.
 */
import { openTextFinder } from '../shared/pixels/text/find-text.ts';
import { colourFlow } from './burned-in/grounds.ts';
import { type Colour, type Planted, plantText, visibleShare } from './burned-in/planted-text.ts';

const FRAMES = Number(process.argv[2] ?? 4);
const SEED = Number(process.argv[3] ?? 900);
const WHITE: Colour = [255, 255, 255];
const COLOURS: readonly Colour[] = [WHITE, WHITE, [255, 255, 0], [0, 255, 0], [0, 255, 255]];

const finder = openTextFinder();
const lines: (Planted & { hidden: boolean })[] = [];
let masksOfJets = 0;
for (let seed = SEED; seed < SEED + FRAMES; seed++) {
  const { picture: ground, jet } = colourFlow(640, 480, seed);
  masksOfJets += (await finder.find(ground)).length;
  const { picture, planted } = await plantText(ground, {
    seed,
    lines: 8,
    sizes: [10, 12, 14, 16, 20, 24],
    scripts: ['Latin', 'Latin', 'digits', 'digits', 'Cyrillic', 'CJK'],
    contrasts: ['full', 'full', 'outlined', 'on a panel'],
    uprightOf: 12,
    within: jet,
    colours: COLOURS,
  });
  const boxes = await finder.find(picture);
  for (const line of planted)
    lines.push({ ...line, hidden: visibleShare(line, boxes, picture.width) <= 0.1 });
}
await finder.close();
for (const line of lines.filter(({ hidden }) => !hidden))
  console.log(`missed: ${line.text}, ${line.size} px, ${line.contrast}`);
const hidden = lines.filter((line) => line.hidden).length;
console.log(`hidden inside jets: ${hidden} of ${lines.length} planted lines`);
console.log(`jets without text: ${masksOfJets} masks on ${FRAMES} frames`);

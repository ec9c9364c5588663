/** The gallery as one HTML page: sections of cards, each card pictures side by side with what is to be known of them. */

export interface GalleryPicture {
  readonly caption: string;
  /** A path relative to the page. */
  readonly file: string;
}

export interface GalleryCard {
  readonly title: string;
  /** What it is: modality, size, transfer syntax. */
  readonly facts: readonly string[];
  readonly pictures: readonly GalleryPicture[];
  /** How like the pictures are, or why there is one alone. */
  readonly verdict?: { readonly text: string; readonly isGood: boolean };
}

export interface GallerySection {
  readonly title: string;
  readonly about: string;
  readonly cards: readonly GalleryCard[];
}

const STYLE = `
:root { color-scheme: dark; }
body { margin: 0; background: #0d0f12; color: #d5dae1; font: 14px/1.4 system-ui, sans-serif; }
header, section { padding: 16px 24px; max-width: 1800px; margin: 0 auto; }
h1 { font-size: 22px; margin: 8px 0; } h2 { font-size: 17px; margin: 8px 0 2px; border-top: 1px solid #2b313a; padding-top: 18px; }
p { margin: 2px 0 12px; color: #9aa4b1; } a { color: #8db4e8; }
nav a { margin-right: 16px; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(540px, 1fr)); gap: 14px; }
.card { background: #16191e; border: 1px solid #242a32; border-radius: 6px; padding: 10px; min-width: 0; }
.card h3 { font-size: 13px; margin: 0 0 2px; overflow-wrap: anywhere; font-weight: 600; }
.facts { color: #9aa4b1; font-size: 12px; margin-bottom: 8px; }
.pictures { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 256px); gap: 8px; }
figure { margin: 0; min-width: 0; } figcaption { font-size: 11px; color: #7d8794; padding-top: 3px; }
.frame { aspect-ratio: 1; background: #000; }
.frame img { width: 100%; height: 100%; object-fit: contain; display: block; }
.verdict { margin-top: 6px; font-size: 12px; } .good { color: #7fca8f; } .note { color: #e6b566; }
`;

/** The page; all text is escaped. */
export function galleryPage(sections: readonly GallerySection[]): string {
  const shown = sections.filter(({ cards }) => cards.length > 0);
  const links = shown.map(
    ({ title, cards }) => `<a href="#${anchor(title)}">${escaped(title)} (${cards.length})</a>`,
  );
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Filmroom gallery</title>' +
    `<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body>` +
    '<header><h1>Gallery of previews</h1><p>What the pipeline shows, beside what dcmtk shows of the same frame. Similarity (SSIM) is ' +
    `measured at full size.</p><nav>${links.join('')}</nav></header>${shown.map(section).join('')}</body></html>`
  );
}

function section({ title, about, cards }: GallerySection): string {
  return (
    `<section id="${anchor(title)}"><h2>${escaped(title)}</h2><p>${escaped(about)}</p>` +
    `<div class="cards">${cards.map(card).join('')}</div></section>`
  );
}

function card({ title, facts, pictures, verdict }: GalleryCard): string {
  const figures = pictures.map(
    ({ caption, file }) =>
      `<figure><div class="frame"><img loading="lazy" src="${escaped(file)}" alt=""></div>` +
      `<figcaption>${escaped(caption)}</figcaption></figure>`,
  );
  const line =
    verdict === undefined
      ? ''
      : `<div class="verdict ${verdict.isGood ? 'good' : 'note'}">${escaped(verdict.text)}</div>`;
  return (
    `<article class="card"><h3>${escaped(title)}</h3><div class="facts">${facts.map(escaped).join(' · ')}</div>` +
    `<div class="pictures">${figures.join('')}</div>${line}</article>`
  );
}

const anchor = (title: string): string => title.toLowerCase().replace(/[^a-z0-9]+/g, '-');

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

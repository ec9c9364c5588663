/**
 * Draws a print sheet: on each page what study it is, some pictures with their scale, captions and measurements, and that it is
 * not for diagnosis. Measurements that have no room below their picture are listed in full on pages behind the pictures.
 */
import type { StudySummary } from '../../../shared/contract/study-summary.ts';
import { modalityName, studyDate, studyTitle } from '../format.ts';
import { type Box, fitWithin, layOutPage, type PageLayout, type Paper, type PerPage } from './page-layout.ts';
import {
  openSheetDocument,
  type SheetDocument,
  type SheetPage,
  type TextRasterizer,
} from './pdf-document.ts';
import { scaleBarFor } from './scale-bar.ts';
import { wrapText } from './wrap-text.ts';

/** A picture as it is to be printed, with what is drawn on it. */
export interface PrintedImage {
  /** PNG or JPEG, of square pixels. */
  readonly bytes: Uint8Array;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Of a pixel of `bytes`, in the patient; absent where it is not known: then there is no scale bar. */
  readonly millimetresPerPixel?: number | undefined;
  /** Whether the scale is that of the detector and not of the patient. */
  readonly approximate?: boolean | undefined;
  /** Which image it is: series, number, frame. */
  readonly caption: string;
  /** One line each, as they are shown. */
  readonly measurements: readonly string[];
}

export interface PrintSheet {
  readonly facts: Pick<
    StudySummary,
    'patientId' | 'patientSex' | 'studyDate' | 'dates' | 'studyDescription' | 'modalities'
  >;
  readonly images: readonly PrintedImage[];
  readonly paper: Paper;
  readonly perPage: PerPage;
  /** Of an identified link alone: the name and the date as they are to be read. */
  readonly identified?: { readonly name: string; readonly birthDate: string } | undefined;
  /** @default now */
  readonly printedAt?: Date | undefined;
}

interface NumberedImage extends PrintedImage {
  readonly number: number;
}

const TEXT = { size: 8 };
const LINE = 10;
const BAR = 15;
const BELOW = 2;
/** Of a cell: the text below a picture may take so much from it. */
const TEXT_SHARE = 0.34;
const NOTICE = 'Not for diagnosis';

/** The PDF; `rasterizer` draws what Helvetica cannot write. */
export async function drawSheet(sheet: PrintSheet, rasterizer?: TextRasterizer): Promise<Uint8Array> {
  const printedAt = sheet.printedAt ?? new Date();
  const layout = layOutPage(sheet.paper, sheet.perPage);
  const pdf = await openSheetDocument(printedAt, rasterizer);
  const images = sheet.images.map((image, index) => ({ ...image, number: index + 1 }));
  const pages: SheetPage[] = [];
  const newPage = () => {
    const page = pdf.addPage(layout);
    pages.push(page);
    return page;
  };

  const unlisted: NumberedImage[] = [];
  for (let at = 0; at < images.length; at += layout.cells.length) {
    const page = newPage();
    for (const [index, cell] of layout.cells.entries()) {
      const image = images[at + index];
      if (image && !(await drawImage(pdf, page, cell, image))) unlisted.push(image);
    }
  }
  if (unlisted.length > 0) await listMeasurements(pdf, newPage, layout.body, unlisted);
  // How many there are is known only now.
  for (const [index, page] of pages.entries()) {
    await drawHeader(pdf, page, layout, sheet);
    await drawFooter(pdf, page, layout, {
      facts: sheet.facts,
      printedAt,
      which: `Page ${index + 1} of ${pages.length}`,
    });
  }
  return pdf.save();
}

/** Whether all of the image's measurements had room. */
async function drawImage(
  pdf: SheetDocument,
  page: SheetPage,
  cell: Box,
  image: NumberedImage,
): Promise<boolean> {
  const measure = (text: string) => pdf.width(text, TEXT);
  const caption = wrapText(`${image.number}. ${image.caption}`, cell.width, 2, measure);
  const room = Math.max(1, Math.floor((cell.height * TEXT_SHARE) / LINE) - caption.length);
  const wanted = image.measurements.flatMap((line) => wrapText(line, cell.width, 2, measure));
  const fits = wanted.length <= room;
  const shown = fits ? wanted : [...wanted.slice(0, room - 1), 'all measurements: see the list at the end'];
  const textHeight = BAR + BELOW + (caption.length + shown.length) * LINE;
  const box = fitWithin({ ...cell, height: cell.height - textHeight }, image);
  page.picture(await pdf.embed(image.bytes), box);
  const bar = scaleBarFor({
    millimetresPerPixel: image.millimetresPerPixel,
    width: image.width,
    printedWidth: box.width,
  });
  let y = box.y + box.height + BELOW;
  if (bar) {
    const middle = y + 7;
    page.line({ x: box.x, y: middle }, { x: box.x + bar.length, y: middle }, 1);
    for (const [index, tick] of bar.ticks.entries()) {
      const half = index === 0 || index === bar.ticks.length - 1 ? 3.5 : 2;
      page.line({ x: box.x + tick, y: middle - half }, { x: box.x + tick, y: middle + half }, 1);
    }
    const label = `${bar.millimetres} mm${image.approximate ? ', approximate' : ''}`;
    await page.text(label, { x: box.x + bar.length + 5, baseline: middle + 2.8 }, TEXT);
    y += BAR;
  }
  for (const [index, line] of [...caption, ...shown].entries()) {
    y += LINE;
    const grey = index < caption.length ? 0 : 0.15;
    await page.text(line, { x: cell.x, baseline: y }, { ...TEXT, bold: index < caption.length, grey });
  }
  return fits;
}

async function listMeasurements(
  pdf: SheetDocument,
  newPage: () => SheetPage,
  body: Box,
  images: readonly NumberedImage[],
): Promise<void> {
  const style = { size: 9 };
  const lines = images.flatMap(({ number, caption, measurements }) => [
    { text: `${number}. ${caption}`, bold: true },
    ...measurements.map((text) => ({ text, bold: false })),
    { text: '', bold: false },
  ]);
  let page = newPage();
  await page.text('Measurements', { x: body.x, baseline: body.y + 12 }, { size: 12, bold: true });
  let y = body.y + 20;
  for (const { text, bold } of lines) {
    for (const line of text === ''
      ? ['']
      : wrapText(text, body.width, 4, (part) => pdf.width(part, { ...style, bold }))) {
      if (y + 12 > body.y + body.height) {
        page = newPage();
        y = body.y;
      }
      y += 12;
      if (line !== '') await page.text(line, { x: body.x, baseline: y }, { ...style, bold });
    }
  }
}

async function drawHeader(
  pdf: SheetDocument,
  page: SheetPage,
  { header }: PageLayout,
  { facts, identified }: PrintSheet,
): Promise<void> {
  const notice = { size: 9, bold: true };
  const noticeWidth = pdf.width(NOTICE, notice);
  await page.text(NOTICE, { x: header.x + header.width - noticeWidth, baseline: header.y + 12 }, notice);
  const title = { size: 13, bold: true };
  const titleWidth = header.width - noticeWidth - 12;
  const [first = ''] = wrapText(studyTitle(facts), titleWidth, 1, (text) => pdf.width(text, title));
  await page.text(first, { x: header.x, baseline: header.y + 12 }, title);

  const modalities = facts.modalities.map(modalityName).join(', ');
  const who = identified
    ? [identified.name, identified.birthDate && `born ${identified.birthDate}`]
    : [`Patient ${facts.patientId} (pseudonym)`, facts.patientSex && `sex ${facts.patientSex}`];
  const what = [
    facts.studyDate &&
      `${studyDate(facts.studyDate)}${facts.dates === 'kept' ? '' : ' (date moved by some weeks)'}`,
    facts.studyDescription !== null && modalities,
    identified && `filed as ${facts.patientId}`,
  ];
  const style = { size: 9 };
  for (const [index, parts] of [who, what].entries()) {
    const text = parts.filter((part) => typeof part === 'string' && part !== '').join('  ·  ');
    const strong = index === 0 && identified !== undefined;
    const [line = ''] = wrapText(text, header.width, 1, (part) =>
      pdf.width(part, { ...style, bold: strong }),
    );
    if (line !== '')
      await page.text(
        line,
        { x: header.x, baseline: header.y + 27 + index * 13 },
        { ...style, bold: strong },
      );
  }
  const y = header.y + header.height;
  page.line({ x: header.x, y }, { x: header.x + header.width, y }, 0.5, 0.4);
}

async function drawFooter(
  pdf: SheetDocument,
  page: SheetPage,
  { footer }: PageLayout,
  { facts, printedAt, which }: { facts: PrintSheet['facts']; printedAt: Date; which: string },
): Promise<void> {
  page.line({ x: footer.x, y: footer.y }, { x: footer.x + footer.width, y: footer.y }, 0.5, 0.4);
  const style = { size: 7.5, grey: 0.25 };
  const baseline = footer.y + 12;
  const printed = new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(printedAt);
  const said = [
    'Reduced pictures; measure on the original images.',
    facts.studyDate && facts.dates !== 'kept' && 'Dates of the study are moved by some weeks.',
    `Printed ${printed}.`,
  ];
  await page.text(said.filter(Boolean).join(' '), { x: footer.x, baseline }, style);
  const x = footer.x + footer.width - pdf.width(which, style);
  await page.text(which, { x, baseline }, style);
}

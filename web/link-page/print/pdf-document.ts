/**
 * The PDF of a print sheet, drawn from the upper left corner of each page. Text that Helvetica can write is text; any other
 * script is drawn by whoever can (a browser's canvas) and stands behind the picture as text that can be searched and read out.
 * The document says of itself what it is, and nothing of whom it shows.
 */
import {
  beginMarkedContent,
  endMarkedContent,
  PDFDocument,
  type PDFFont,
  PDFHexString,
  type PDFImage,
  PDFOperator,
  type PDFPage,
  rgb,
  StandardFonts,
  TextRenderingMode,
} from '@cantoo/pdf-lib';
import type { Box } from './page-layout.ts';

export interface TextStyle {
  /** In points. */
  readonly size: number;
  readonly bold?: boolean;
}

/** Draws text of any script as a picture. All measures are in points. */
export interface TextRasterizer {
  width(text: string, style: TextStyle): number;
  rasterize(
    text: string,
    style: TextStyle,
  ): Promise<{ png: Uint8Array; width: number; height: number; ascent: number }>;
}

export interface SheetPage {
  /** Lines of text by their baseline; `grey` from 0, black, to 1. */
  text(
    text: string,
    at: { x: number; baseline: number },
    style: TextStyle & { grey?: number },
  ): Promise<void>;
  line(from: { x: number; y: number }, to: { x: number; y: number }, thickness: number, grey?: number): void;
  /** A picture with a thin frame, so that its dark ground ends where it ends. */
  picture(picture: PDFImage, box: Box): void;
}

export interface SheetDocument {
  width(text: string, style: TextStyle): number;
  /** Takes PNG and JPEG. */
  embed(bytes: Uint8Array): Promise<PDFImage>;
  addPage(size: { readonly width: number; readonly height: number }): SheetPage;
  save(): Promise<Uint8Array>;
}

const PRODUCER = 'Filmroom';

/** Begins a document; without a rasterizer, characters that Helvetica lacks are question marks. */
export async function openSheetDocument(
  made: Date,
  rasterizer: TextRasterizer | undefined,
): Promise<SheetDocument> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  pdf.setTitle('Images of a study', { showInWindowTitleBar: true });
  pdf.setLanguage('en');
  pdf.setProducer(PRODUCER);
  pdf.setCreator(PRODUCER);
  pdf.setCreationDate(made);
  pdf.setModificationDate(made);
  const regular = pdf.embedStandardFont(StandardFonts.Helvetica);
  const bold = pdf.embedStandardFont(StandardFonts.HelveticaBold);
  const known = new Set(regular.getCharacterSet());

  const fontOf = (style: TextStyle) => (style.bold ? bold : regular);
  const isKnown = (text: string) => [...text].every((character) => known.has(character.codePointAt(0) ?? 0));
  const replaced = (text: string) =>
    [...text].map((character) => (isKnown(character) ? character : '?')).join('');

  return {
    width(text, style) {
      if (isKnown(text)) return fontOf(style).widthOfTextAtSize(text, style.size);
      return rasterizer?.width(text, style) ?? fontOf(style).widthOfTextAtSize(replaced(text), style.size);
    },
    embed: (bytes) => (isPng(bytes) ? pdf.embedPng(bytes) : pdf.embedJpg(bytes)),
    addPage({ width, height }) {
      const page = pdf.addPage([width, height]);
      return {
        async text(text, { x, baseline }, { grey = 0, ...style }) {
          const at = {
            x,
            y: height - baseline,
            size: style.size,
            font: fontOf(style),
            color: rgb(grey, grey, grey),
          };
          if (isKnown(text) || rasterizer === undefined) page.drawText(replaced(text), at);
          else await drawForeign(page, text, at, await rasterizer.rasterize(text, style));
        },
        line(from, to, thickness, grey = 0) {
          page.drawLine({
            start: { x: from.x, y: height - from.y },
            end: { x: to.x, y: height - to.y },
            thickness,
            color: rgb(grey, grey, grey),
          });
        },
        picture(picture, { x, y, width: across, height: down }) {
          const box = { x, y: height - y - down, width: across, height: down };
          page.drawImage(picture, box);
          page.drawRectangle({ ...box, borderWidth: 0.5, borderColor: rgb(0.4, 0.4, 0.4) });
        },
      };
    },
    save: () => pdf.save({ addDefaultPage: false }),
  };

  /** A picture of the text, with what it says behind one sign that is not seen. */
  async function drawForeign(
    page: PDFPage,
    text: string,
    at: { x: number; y: number; size: number; font: PDFFont },
    drawn: Awaited<ReturnType<TextRasterizer['rasterize']>>,
  ): Promise<void> {
    const picture = await pdf.embedPng(drawn.png);
    const { width, height } = drawn;
    const says = `<</ActualText ${PDFHexString.fromText(text).toString()}>>`;
    page.pushOperators(PDFOperator.of(BEGIN_WITH_PROPERTIES, ['/Span', says]));
    page.drawText('.', { ...at, renderMode: TextRenderingMode.Invisible });
    page.pushOperators(endMarkedContent());
    page.pushOperators(beginMarkedContent('Artifact'));
    page.drawImage(picture, { x: at.x, y: at.y + drawn.ascent - height, width, height });
    page.pushOperators(endMarkedContent());
  }
}

/** BDC: marked content with a list of properties (PDF 1.7, 14.6.1). */
const BEGIN_WITH_PROPERTIES = 'BDC' as Parameters<typeof PDFOperator.of>[0];

function isPng(bytes: Uint8Array): boolean {
  return bytes[0] === 0x89 && bytes[1] === 0x50;
}

import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { TAG } from '../../../shared/pixels/attributes.ts';
import { detailLabel, kindLabel, modalityLabel } from '../../../shared/pixels/placeholder/labels.ts';
import { textPath, textWidth, writable } from '../../../shared/pixels/placeholder/stroke-font.ts';
import { drawTile } from '../../../shared/pixels/placeholder/tile.ts';
import { renderPlaceholder } from '../../../shared/pixels/preview.ts';
import { PLACEHOLDER_REASONS, type PlaceholderReason } from '../../../shared/pixels/undisplayable.ts';
import { imageSource, sequence, text } from './image-object.ts';

const dataSetOf = (...more: ReturnType<typeof text>[]) =>
  imageSource({ rows: 1, columns: 1, more }, undefined).part10.dataSet;
const sopClass = (suffix: string) => text(TAG.SOPClassUID, 'UI', `1.2.840.10008.5.1.4.1.1.${suffix}`);

describe('what a placeholder says', () => {
  it.each([
    ['CT', 'CT'],
    ['RTSTRUCT', 'RTSTRUCT'],
    ['ZZ', undefined],
    ['DOE^JOHN', undefined],
    ['', undefined],
  ])('is a modality only where it is a term of the standard: %j', (modality, expected) => {
    expect(modalityLabel(dataSetOf(text(TAG.Modality, 'CS', modality)))).toBe(expected);
  });

  it.each([
    ['88.11', 'Structured report'],
    ['88.59', 'Key objects'],
    ['88.67', 'Dose report'],
    ['104.1', 'PDF document'],
    ['104.3', '3D model'],
    ['9.1.1', 'ECG'],
    ['9.4.1', 'Audio'],
    ['11.1', 'Presentation state'],
    ['66', 'Raw data'],
    ['66.4', 'Segmentation'],
    ['481.3', 'RT structure set'],
    ['481.10', 'RT object'],
    ['2', undefined],
    ['7.3', undefined],
  ])('is the kind of SOP class …%s: %s', (suffix, expected) => {
    expect(kindLabel(dataSetOf(sopClass(suffix)))).toBe(expected);
  });

  it('is nothing of a SOP class that is not of the standard', () => {
    expect(kindLabel(dataSetOf(text(TAG.SOPClassUID, 'UI', '1.2.840.99999.88.11')))).toBeUndefined();
  });
});

describe('the stroke font', () => {
  it('has a glyph for each letter, digit and sign that placeholders write', () => {
    const written = [
      ...Object.values(PLACEHOLDER_REASONS),
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
      'a/b (c): d-e, f.',
    ].join('');

    const missing = Array.from(new Set(written.toUpperCase())).filter(
      (letter) => letter !== ' ' && textPath(letter, 0, 0, 6) === '',
    );

    expect(missing).toEqual([]);
  });

  it('keeps every stroke within the line it measures', () => {
    const line = 'THE QUICK BROWN FOX 0123456789';
    const coordinates = textPath(line, 10, 20, 12).match(/[\d.]+ [\d.]+/g) ?? [];

    for (const point of coordinates) {
      const [x, y] = point.split(' ').map(Number) as [number, number];
      expect(x).toBeGreaterThanOrEqual(10);
      expect(x).toBeLessThanOrEqual(10 + textWidth(line, 12));
      expect(y).toBeGreaterThanOrEqual(20);
      expect(y).toBeLessThanOrEqual(32);
    }
  });

  it('leaves out what it has no glyph for', () => {
    expect(textPath('é世', 0, 0, 6)).toBe('');
  });

  it('has a glyph for every sign of ASCII', () => {
    const signs = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at));
    expect(signs.filter((sign) => textPath(sign, 0, 0, 6) === '')).toEqual([]);
  });

  it.each([
    ['Größe', 'Grosse'],
    ['café', 'cafe'],
    ['Łódź', 'Lodz'],
    ['5–7 μm', '5-7 µm'],
    ['肺 3', '□ 3'],
    ['a\tb', 'a b'],
  ])('writes %j as %j', (given, expected) => {
    expect(writable(given)).toBe(expected);
  });
});

describe('a placeholder', () => {
  it('is written without fonts: its letters are there as strokes', async () => {
    const tile = (title: string) => drawTile({ title, reason: '' }, 128, 'png');

    const [blank, lettered] = await Promise.all(
      [tile(''), tile('CT')].map(async (bytes) => (await sharp(await bytes).stats()).channels[0]?.mean),
    );

    expect(lettered).toBeGreaterThan((blank ?? 0) + 1);
  });

  it.each(Object.keys(PLACEHOLDER_REASONS) as PlaceholderReason[])('is drawn for %s', async (reason) => {
    const preview = await renderPlaceholder(dataSetOf(sopClass('88.11')), reason, { format: 'png' });

    expect(preview).toMatchObject({
      width: 256,
      height: 256,
      placeholder: reason,
      label: 'Structured report',
    });
    expect(await sharp(preview.bytes).metadata()).toMatchObject({ width: 256, height: 256, format: 'png' });
  });

  it('says of a plan how many beams it has', () => {
    const plan = (count: number) =>
      dataSetOf(sopClass('481.5'), sequence(0x300a00b0, ...Array.from({ length: count }, () => [])));
    expect([plan(1), plan(3), plan(0)].map(detailLabel)).toEqual(['1 beam', '3 beams', undefined]);
  });

  it('looks the same whatever else the data set says', async () => {
    const one = dataSetOf(sopClass('2'), text(0x00100010, 'PN', 'Doe^John'));
    const other = dataSetOf(sopClass('2'), text(0x00100010, 'PN', 'Roe^Jane'));

    expect(await renderPlaceholder(one, 'undecodable')).toEqual(
      await renderPlaceholder(other, 'undecodable'),
    );
  });
});

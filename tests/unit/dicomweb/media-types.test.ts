import { describe, expect, it } from 'vitest';
import { transferSyntaxOf } from '../../../shared/dicom/index.ts';
import { parseAccept } from '../../../shared/dicomweb/media-types.ts';
import { parseRendering, pictureFormat } from '../../../shared/dicomweb/rendering.ts';
import { representFrames, representInstance } from '../../../shared/dicomweb/representations.ts';

const EXPLICIT = '1.2.840.10008.1.2.1';
const JPEG_LS = '1.2.840.10008.1.2.4.80';
const VIDEO = '1.2.840.10008.1.2.4.102';
const OCTETS = 'application/octet-stream';
const related = (type: string, more = '') => `multipart/related; type="${type}"${more}`;

describe('an Accept header', () => {
  it.each([
    [undefined, ['*/*']],
    ['', ['*/*']],
    ['image/png;q=0.5, image/jpeg, image/webp;q=0', ['image/jpeg', 'image/png']],
    [`${related('image/jls')};q=0.2,${related('application/octet-stream')}`, [OCTETS, 'image/jls']],
    ['multipart/related; type=application/dicom', ['application/dicom']],
    ['multipart/mixed; type=application/dicom', []],
    ['multipart/related; type="application/dicom, image/*"', ['application/dicom, image/*']],
    ['text/html;q=x', []],
  ])('%s is taken apart', (header, types) => {
    expect(parseAccept(header).map(({ type }) => type)).toEqual(types);
  });

  it('that nobody sends is refused', () => {
    expect(() => parseAccept('a/b,'.repeat(2_000))).toThrow('accept-too-long');
  });
});

describe('frames', () => {
  it.each([
    [EXPLICIT, true, related(OCTETS, '; transfer-syntax=*'), `stored ${OCTETS} ${EXPLICIT} parts`],
    [EXPLICIT, true, related(OCTETS), `stored ${OCTETS} ${EXPLICIT} parts`],
    [EXPLICIT, true, OCTETS, `stored ${OCTETS} ${EXPLICIT} one`],
    [EXPLICIT, true, '*/*', `stored ${OCTETS} ${EXPLICIT} parts`],
    [EXPLICIT, true, related('image/jls'), 'none'],
    [JPEG_LS, true, related(OCTETS, '; transfer-syntax=*'), `stored image/jls ${JPEG_LS} parts`],
    [JPEG_LS, true, related('image/jls'), `stored image/jls ${JPEG_LS} parts`],
    [
      JPEG_LS,
      true,
      related('image/jls', `; transfer-syntax=${JPEG_LS}`),
      `stored image/jls ${JPEG_LS} parts`,
    ],
    [JPEG_LS, true, related(OCTETS), `explicit-little-endian ${OCTETS} ${EXPLICIT} parts`],
    [
      JPEG_LS,
      true,
      related(OCTETS, `; transfer-syntax=${EXPLICIT}`),
      `explicit-little-endian ${OCTETS} ${EXPLICIT} parts`,
    ],
    [JPEG_LS, true, related('image/jp2'), 'none'],
    [JPEG_LS, true, related('image/jls', '; transfer-syntax=1.2.840.10008.1.2.4.81'), 'none'],
    [
      JPEG_LS,
      true,
      `${related('image/jp2')}, ${related('image/*')};q=0.1`,
      `stored image/jls ${JPEG_LS} parts`,
    ],
    [VIDEO, false, related(OCTETS), 'none'],
  ])(
    'stored as %s (decodable: %s), asked for as %s, are sent as %s',
    (uid, isConvertible, accept, expected) => {
      const stored = { transferSyntax: transferSyntaxOf(uid)!, isConvertible };
      const chosen = representFrames(parseAccept(accept), stored);
      expect(
        chosen
          ? `${chosen.form} ${chosen.mediaType} ${chosen.transferSyntax} ${chosen.multipart ? 'parts' : 'one'}`
          : 'none',
      ).toBe(expected);
    },
  );
});

describe('an instance', () => {
  it.each([
    ['application/dicom', 'explicit-little-endian one'],
    ['application/dicom; transfer-syntax=*', 'stored one'],
    [related('application/dicom'), 'explicit-little-endian parts'],
    [related('application/dicom', `; transfer-syntax=${JPEG_LS}`), 'stored parts'],
    [related('application/dicom', '; transfer-syntax=1.2.840.10008.1.2.4.90'), 'none'],
    ['*/*', 'stored parts'],
    ['image/jpeg', 'none'],
  ])('asked for as %s is sent as %s', (accept, expected) => {
    const stored = { transferSyntax: transferSyntaxOf(JPEG_LS)!, isConvertible: true };
    const chosen = representInstance(parseAccept(accept), stored);
    expect(chosen ? `${chosen.form} ${chosen.multipart ? 'parts' : 'one'}` : 'none').toBe(expected);
  });
});

describe('a rendering', () => {
  it.each<[string, object]>([
    ['', { isAnnotated: false }],
    ['window=40,400,linear', { isAnnotated: false, window: { center: 40, width: 400, function: 'LINEAR' } }],
    ['viewport=10,20&quality=90', { isAnnotated: false, viewport: { width: 10, height: 20 }, quality: 90 }],
    [
      'viewport=10,20,5,,-7,',
      {
        isAnnotated: false,
        viewport: {
          width: 10,
          height: 20,
          region: {
            left: 5,
            top: 0,
            width: 7,
            height: Number.POSITIVE_INFINITY,
            isMirrored: true,
            isUpsideDown: false,
          },
        },
      },
    ],
  ])('is asked for by %j', (query, expected) => {
    expect(parseRendering(new URLSearchParams(query))).toEqual(expected);
  });

  it.each([
    'quality=0',
    'quality=101',
    'quality=x',
    'window=1',
    'window=1,0,linear',
    'window=a,1,linear',
    'window=1,2,toString',
    'viewport=0,5',
    'viewport=5',
    'viewport=99999,1',
    'viewport=1,2,3',
    'viewport=1,1,0,0,0,1',
    'iccprofile=rommrgb',
  ])('is refused for %s', (query) => {
    expect(() => parseRendering(new URLSearchParams(query))).toThrow('400');
  });

  it.each([
    ['*/*', 'jpeg'],
    ['image/gif, image/png;q=0.1', 'png'],
    ['image/webp', 'webp'],
    ['image/gif', undefined],
    ['application/dicom', undefined],
  ])('accepted as %s comes as %s', (accept, format) => {
    expect(pictureFormat(parseAccept(accept))).toBe(format);
  });
});

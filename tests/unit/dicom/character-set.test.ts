import { describe, expect, it } from 'vitest';
import {
  characterSetOf,
  EXPLICIT_VR_LITTLE_ENDIAN,
  readPart10,
  type VR,
} from '../../../shared/dicom/index.ts';
import { bytes, explicit, file, item, sequence } from './raw-bytes.ts';

const ESC = '\x1b';
const decode = (terms: string[], text: string, vr: VR = 'PN') =>
  characterSetOf(terms).decode(bytes(text), vr);

describe('text by character set', () => {
  it.each([
    ['ISO_IR 100', 'Buc^J\xe9r\xf4me', 'Buc^Jérôme'],
    ['ISO_IR 101', 'Wa\xb3\xeasa', 'Wałęsa'],
    ['ISO_IR 109', '\xa1al', 'Ħal'],
    ['ISO_IR 110', '\xa1\xa2', 'Ąĸ'],
    ['ISO_IR 144', '\xbb\xee\xda', 'Люк'],
    ['ISO_IR 127', '\xe2\xc8\xc7', 'قبا'],
    ['ISO_IR 126', '\xc4\xe9\xef', 'Διο'],
    ['ISO_IR 138', '\xf9\xf8\xe5\xef', 'שרון'],
    ['ISO_IR 148', '\xd0\xdd\xde', 'ĞİŞ'],
    ['ISO_IR 203', '\xa4', '€'],
    ['ISO_IR 166', '\xa1\xd2', 'กา'],
    ['ISO_IR 13', '\xd4\xcf\xc0\xde', 'ﾔﾏﾀﾞ'],
    ['ISO_IR 192', 'Wang=\xe7\x8e\x8b', 'Wang=王'],
    ['GB18030', 'Wang=\xcd\xf5', 'Wang=王'],
    ['GBK', 'Wang=\xcd\xf5', 'Wang=王'],
    ['iso-ir_100', '\xe9', 'é'],
    ['ISO 2022 IR 100', '\xe9', 'é'],
  ])('%s', (term, encoded, text) => {
    expect(decode([term], encoded)).toBe(text);
  });

  it('keeps control characters 80-9F what ISO 8859 has', () => {
    expect(decode(['ISO_IR 100'], '\x80\x9f')).toBe('\x80\x9f');
    expect(decode(['ISO_IR 148'], '\x80')).toBe('\x80');
  });

  it('takes bytes beyond ASCII for Latin 1 where no character set is given', () => {
    expect(decode([], 'J\xe9r\xf4me')).toBe('Jérôme');
  });

  it('does not apply to VRs of the default repertoire', () => {
    expect(decode(['ISO_IR 144'], '\xbb', 'CS')).toBe('\xbb');
  });

  it('keeps a backslash that is the second byte of a character whole', () => {
    const { dataSet } = readPart10(
      file(bytes(explicit(0x00080005, 'CS', 'GB18030 '), explicit(0x00100020, 'LO', 'a\\\x81\\'))),
    );
    expect(dataSet.strings(0x00100020)).toEqual(['a', '乗']);
  });
});

describe('text with code extensions', () => {
  it.each([
    [
      'Yamada H.3',
      ['', 'ISO 2022 IR 87'],
      `Yamada^Tarou=${ESC}$B;3ED${ESC}(B^${ESC}$BB@O:${ESC}(B=${ESC}$B$d$^$@${ESC}(B^${ESC}$B$?$m$&${ESC}(B`,
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
    ],
    [
      'Yamada H.3.2',
      ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
      `\xd4\xcf\xc0\xde^\xc0\xdb\xb3=${ESC}$B;3ED${ESC}(J^${ESC}$BB@O:${ESC}(J`,
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎',
    ],
    ['Hong I.2', ['', 'ISO 2022 IR 149'], `Hong=${ESC}$)C\xfb\xf3^${ESC}$)C\xd1\xce\xd4\xd7`, 'Hong=洪^吉洞'],
    [
      'Zhang K.2',
      ['', 'ISO 2022 IR 58'],
      `Zhang=${ESC}$)A\xd5\xc5^${ESC}$)A\xd0\xa1\xb6\xab=`,
      'Zhang=张^小东=',
    ],
    ['JIS X 0212', ['', 'ISO 2022 IR 159'], `${ESC}$(D0!${ESC}(B`, '丂'],
    ['Greek after Latin', ['ISO 2022 IR 100', 'ISO 2022 IR 126'], `J\xe9=${ESC}-F\xc4\xe9`, 'Jé=Δι'],
  ])('is decoded by its escape sequences: %s', (_, terms, encoded, text) => {
    expect(decode(terms, encoded)).toBe(text);
  });

  it('begins anew with the first character set after a delimiter', () => {
    const terms = ['ISO 2022 IR 100', 'ISO 2022 IR 144'];
    const cyrillic = `${ESC}-L\xbb`;
    expect(decode(terms, `${cyrillic}^\xe9`)).toBe('Л^é');
    expect(decode(terms, `${cyrillic}=\xe9`)).toBe('Л=é');
    expect(decode(terms, `${cyrillic}\\\xe9`, 'LO')).toBe('Л\\é');
    expect(decode(terms, `${cyrillic}^\xe9`, 'LO')).toBe('Л^щ');
    expect(decode(terms, `${cyrillic}\r\n\xe9`, 'LT')).toBe('Л\r\né');
    expect(decode(terms, `${cyrillic}\\\xe9`, 'LT')).toBe('Л\\щ');
  });

  it('sees no delimiter in the bytes of a two-byte character', () => {
    const value = bytes(
      explicit(0x00080005, 'CS', '\\ISO 2022 IR 87'),
      explicit(0x00100020, 'LO', `${ESC}$B;\\%^${ESC}(B\\b `),
    );
    const [first, second, ...others] = readPart10(file(value)).dataSet.strings(0x00100020);
    expect([first?.length, second, others]).toEqual([2, 'b', []]);
  });

  it('takes bytes that lack their escape sequence for the two-byte set that is declared', () => {
    expect(decode(['', 'ISO 2022 IR 149'], '\xb1\xe8')).toBe('김');
  });

  it('leaves an unknown escape sequence as it is', () => {
    expect(decode(['', 'ISO 2022 IR 87'], `a${ESC}(Zb`)).toBe(`a${ESC}(Zb`);
  });
});

describe('an unknown character set', () => {
  const unknown = characterSetOf(['ISO_IR 999']);

  it('refuses only what it is needed for', () => {
    expect(unknown.decode(bytes('Doe^Jane'), 'PN')).toBe('Doe^Jane');
    expect(unknown.decode(bytes('\xe9'), 'CS')).toBe('\xe9');
    expect(() => unknown.decode(bytes('J\xe9'), 'PN')).toThrow(/^unsupported-character-set: \(0008,0005\)$/);
    expect(unknown.encode('é', 'PN')).toBeUndefined();
  });
});

describe('writing text', () => {
  it.each([
    ['ISO_IR 100', 'Jérôme'],
    ['ISO_IR 144', 'Люк'],
    ['ISO_IR 13', 'ﾔﾏﾀﾞ'],
    ['ISO_IR 192', '王 😀'],
    ['ISO 2022 IR 126', 'Διο'],
  ])('%s gives back what it reads', (term, text) => {
    const set = characterSetOf([term]);
    const encoded = set.encode(text, 'PN');
    expect(encoded && set.decode(encoded, 'PN')).toBe(text);
  });

  it.each([
    [[], 'é', 'LO'],
    [['ISO_IR 100'], 'Λ', 'LO'],
    [['ISO_IR 100'], 'é', 'CS'],
    [['ISO_IR 109'], '\ufffd', 'LO'],
    [['', 'ISO 2022 IR 87'], '山', 'PN'],
    [['GB18030'], '王', 'PN'],
  ] as [string[], string, VR][])('%j has no bytes for %s in %s', (terms, text, vr) => {
    expect(characterSetOf(terms).encode(text, vr)).toBeUndefined();
  });

  it.each([[[]], [['ISO_IR 192']], [['', 'ISO 2022 IR 87']], [['GB18030']], [['unheard of']]])(
    'ASCII is the same in %j',
    (terms) => {
      expect(Buffer.from(characterSetOf(terms).encode('Doe^Jane', 'PN') ?? []).toString()).toBe('Doe^Jane');
    },
  );
});

describe('a nested data set', () => {
  it('inherits the character set, or has its own', () => {
    const name = explicit(0x00100010, 'PN', '\xe9 ');
    const own = bytes(explicit(0x00080005, 'CS', 'ISO_IR 144'), name);
    const source = file(
      bytes(explicit(0x00080005, 'CS', 'ISO_IR 100'), sequence(0x00081140, [item(name), item(own)])),
      EXPLICIT_VR_LITTLE_ENDIAN,
    );
    const names = readPart10(source)
      .dataSet.sequence(0x00081140)
      .map((dataSet) => dataSet.text(0x00100010));
    expect(names).toEqual(['é', 'щ']);
  });
});

import { describe, expect, it } from 'vitest';
import { linkMessage } from '../../../shared/sharing/link-message.ts';
import { qrCode, qrLines, qrPath } from '../../../shared/sharing/qr-code.ts';

const ADDRESS = `https://films.example.org/#${'0m1dr8df9qwyenpev4pztga3y5'}${'MvqFfqdjWYIDI3QbaJVRR13BIRppKH30fxrWU4Go-YU'}`;

describe('the message of a link', () => {
  it('holds the address, when it ends, and that a passcode comes by another way', () => {
    const { subject, body } = linkMessage({
      address: ADDRESS,
      expiresAt: '2026-12-15T01:27:57.100Z',
      hasPasscode: true,
    });
    expect(subject).not.toContain('#');
    expect(body.split('\n')).toContain(ADDRESS);
    expect(body).toContain('until 15 December 2026, 01:27 UTC');
    expect(body).toContain('another way');
  });

  it('warns of passing it on where nothing else is asked for', () => {
    const { body } = linkMessage({ address: ADDRESS, expiresAt: '2026-12-15T01:27:57Z', hasPasscode: false });
    expect(body).toContain('do not pass this message on');
    expect(body).not.toContain('passcode');
  });
});

describe('a QR code', () => {
  const modules = qrCode(ADDRESS);

  it('is square, of a size that the standard has, with its three finders and a quiet zone of four', () => {
    const size = modules.length;
    expect((size - 8 - 17) % 4).toBe(0);
    for (const row of modules) expect(row).toHaveLength(size);
    const isLight = (y: number, x: number) => modules[y]?.[x] === false;
    for (let i = 0; i < size; i++)
      for (let edge = 0; edge < 4; edge++)
        expect([isLight(edge, i), isLight(i, edge), isLight(size - 1 - edge, i)]).toEqual([true, true, true]);
    const finder = (y: number, x: number) => modules[y]?.slice(x, x + 7).every(Boolean);
    expect([finder(4, 4), finder(4, size - 11), finder(size - 11, 4)]).toEqual([true, true, true]);
    expect(finder(size - 11, size - 11)).toBe(false);
  });

  it('is drawn as a path that covers its dark modules and no other', () => {
    const drawn = modules.map((row) => row.map(() => false));
    for (const [, x, y, length] of qrPath(modules).matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g))
      for (let i = 0; i < Number(length); i++) (drawn[Number(y)] as boolean[])[Number(x) + i] = true;
    expect(drawn).toEqual(modules);
  });

  it('is drawn in a terminal two rows a line, light where it is light', () => {
    const read = qrLines(modules).flatMap((line) => [
      [...line].map((block) => block === ' ' || block === '▄'),
      [...line].map((block) => block === ' ' || block === '▀'),
    ]);
    expect(read.slice(0, modules.length)).toEqual(modules);
  });
});

/** An ultrasound picture as scanners store it: a sector of speckle, and the patient's name written into the pixels. */
import { drawText } from './bitmap-font.ts';
import { PATIENT } from './patient.ts';
import { makeNoise } from './phantom.ts';

export const ULTRASOUND = { columns: 640, rows: 480 } as const;

const APEX = { x: 320, y: 10 };
const NEAR = 70;
const FAR = 420;
const HALF_ANGLE = 0.62;

function echo(x: number, y: number, noise: () => number): number {
  const radius = Math.hypot(x - APEX.x, y - APEX.y);
  const angle = Math.atan2(x - APEX.x, y - APEX.y);
  if (radius < NEAR || radius > FAR || Math.abs(angle) > HALF_ANGLE) return 0;
  const depth = (radius - NEAR) / (FAR - NEAR);
  let level = 105 - 55 * depth + 18 * Math.sin(radius / 26 + angle * 3);
  const cyst = Math.hypot((x - 290) / 62, (y - 255) / 40);
  if (cyst < 1) level = 9;
  else if (cyst < 1.08) level = 165;
  else if (Math.abs(x - 290) < 52 && y > 290) level += 26;
  return Math.max(0, level * (0.55 + 0.75 * Math.abs(noise())));
}

/** Interleaved RGB; the first line reads as the header names the patient. */
export function ultrasoundFrame(): Uint8Array {
  const { columns, rows } = ULTRASOUND;
  const pixels = new Uint8Array(columns * rows * 3);
  const noise = makeNoise(7);
  const set = (x: number, y: number, red: number, green: number, blue: number) =>
    pixels.set([red, green, blue], (y * columns + x) * 3);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const level = Math.min(255, Math.round(echo(x, y, noise)));
      set(x, y, level, level, level);
    }
  }
  for (let tick = 0; tick <= 8; tick++) {
    for (let x = 0; x < (tick % 4 === 0 ? 10 : 5); x++) set(600 + x, 80 + tick * 43, 200, 200, 120);
  }
  const write = (text: string, x: number, y: number, scale: number) =>
    drawText(text, { x, y, scale }, (dotX, dotY) => set(dotX, dotY, 230, 230, 210));
  write(`${PATIENT.familyName}, ${PATIENT.givenName}`, 12, 10, 2);
  write(`${PATIENT.id}  ${PATIENT.birthDate}`, 12, 30, 2);
  write('C5-1  ABDOMEN', 470, 10, 2);
  return pixels;
}

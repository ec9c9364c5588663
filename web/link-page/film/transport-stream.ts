/**
 * The pictures of a transport stream (ISO/IEC 13818-1 2.4): packets of 188 bytes, or of 192 as discs have them, put together to the
 * units of the one stream of H.264, each with its times. Sound and all other streams are left out.
 */

export interface CodedPicture {
  /** When it is shown and when it is decoded, in 90,000ths of a second. */
  readonly shown: number;
  readonly decoded: number;
  /** NAL units behind start codes (ITU-T H.264 annex B). */
  readonly bytes: Uint8Array;
}

const SYNC = 0x47;
const PACKET = 188;
const H264 = 0x1b;
/** Times have 33 bits. */
const WRAP = 2 ** 33;

/** The coded pictures in their order; undefined where there is no stream of H.264, or its pictures have no times. */
export function picturesOf(bytes: Uint8Array): CodedPicture[] | undefined {
  const lead = bytes[0] === SYNC ? 0 : 4;
  const step = lead === 0 && bytes[PACKET] !== SYNC ? 192 : PACKET + lead;
  let tables = -1;
  let video = -1;
  const units: Unit[] = [];
  for (let at = lead; at + PACKET <= bytes.length; at += step) {
    if (bytes[at] !== SYNC) return undefined;
    const begins = ((bytes[at + 1] as number) & 0x40) !== 0;
    const stream = (((bytes[at + 1] as number) & 0x1f) << 8) | (bytes[at + 2] as number);
    const control = ((bytes[at + 3] as number) >> 4) & 3;
    if ((control & 1) === 0) continue;
    const from = at + 4 + (control === 3 ? 1 + (bytes[at + 4] as number) : 0);
    const payload = bytes.subarray(Math.min(from, at + PACKET), at + PACKET);
    if (stream === 0 && begins) tables = programOf(payload) ?? tables;
    else if (stream === tables && begins) video = h264Of(payload) ?? video;
    else if (stream === video) take(units, payload, begins);
  }
  const pictures = units.filter(({ shown, parts }) => shown >= 0 && parts.length > 0);
  return pictures.length === 0 ? undefined : timed(pictures);
}

interface Unit {
  shown: number;
  decoded: number;
  readonly parts: Uint8Array[];
}

/** The first program of the association table: where its map is. */
function programOf(payload: Uint8Array): number | undefined {
  const table = payload.subarray(1 + (payload[0] ?? 0));
  for (let at = 8; at + 4 <= sectionEnd(table); at += 4) {
    const program = word(table, at);
    if (program !== 0) return word(table, at + 2) & 0x1fff;
  }
  return undefined;
}

/** Where the map says that H.264 is. */
function h264Of(payload: Uint8Array): number | undefined {
  const table = payload.subarray(1 + (payload[0] ?? 0));
  const end = sectionEnd(table);
  for (let at = 12 + (word(table, 10) & 0x0fff); at + 5 <= end; at += 5 + (word(table, at + 3) & 0x0fff))
    if (table[at] === H264) return word(table, at + 1) & 0x1fff;
  return undefined;
}

/** Before the checksum. */
function sectionEnd(table: Uint8Array): number {
  return Math.min(table.length, 3 + (word(table, 1) & 0x0fff)) - 4;
}

function take(units: Unit[], payload: Uint8Array, begins: boolean): void {
  if (!begins) {
    units.at(-1)?.parts.push(payload);
    return;
  }
  // Packet header (2.4.3.6): start code, flags, length of the rest of the header, times.
  const isPacket = payload[0] === 0 && payload[1] === 0 && payload[2] === 1 && payload.length >= 9;
  if (!isPacket) return;
  const flags = (payload[7] as number) >> 6;
  const shown = (flags & 2) === 0 ? -1 : time(payload, 9);
  const decoded = flags === 3 ? time(payload, 14) : shown;
  const rest = payload.subarray(9 + (payload[8] as number));
  // A unit without times goes on with the picture before.
  if (shown < 0 && units.length > 0) units.at(-1)?.parts.push(rest);
  else units.push({ shown, decoded, parts: [rest] });
}

function time(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) >> 1) & 7) * 2 ** 30 +
    (word(bytes, at + 1) >> 1) * 2 ** 15 +
    (word(bytes, at + 3) >> 1)
  );
}

/** From the first picture on, going on where times begin anew. */
function timed(units: readonly Unit[]): CodedPicture[] {
  const start = (units[0] as Unit).decoded;
  const since = (moment: number) => (((moment - start) % WRAP) + WRAP) % WRAP;
  const least = Math.min(...units.slice(0, 64).map(({ shown }) => since(shown)));
  return units.map(({ shown, decoded, parts }) => ({
    shown: since(shown) - least,
    decoded: since(decoded),
    bytes: concat(parts),
  }));
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** The name of an entry as text: UTF-8 where it is said or seems so, else code page 437 (APPNOTE D). */

const HIGH_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const lenientUtf8 = new TextDecoder('utf-8');

/** Bit 11 says UTF-8; many writers use UTF-8 without saying so, and text in another code page is seldom valid UTF-8. */
export function decodeEntryName(bytes: Uint8Array, flags: number): string {
  if ((flags & 0x0800) !== 0) return lenientUtf8.decode(bytes);
  try {
    return utf8.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) =>
      byte < 0x80 ? String.fromCharCode(byte) : HIGH_437.charAt(byte - 0x80),
    ).join('');
  }
}

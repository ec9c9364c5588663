/** Numbers of bytes as a person says them. */
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** `512 B`, `3.4 MB`, `81 GB`: powers of a thousand, as disks are sold. */
export function byteCount(bytes: number): string {
  let [amount, unit] = [bytes, 0];
  while (amount >= 999.5 && unit < UNITS.length - 1) [amount, unit] = [amount / 1000, unit + 1];
  return `${unit > 0 && amount < 9.95 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[unit]}`;
}

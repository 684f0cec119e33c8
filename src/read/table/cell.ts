/** The cell without surrounding white space; most have none, and their ends tell. */
export function trimmed(cell: string): string {
  const first = cell.charCodeAt(0);
  const last = cell.charCodeAt(cell.length - 1);
  return first > 32 && first < 128 && last > 32 && last < 128 ? cell : cell.trim();
}

/** A copy of its own: a cut from the file's text would keep all of that text in memory. */
export function own(cell: string): string {
  return JSON.parse(JSON.stringify(cell)) as string;
}

/** The order of levels: the same everywhere, whatever the locale. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return lift(x) - lift(y);
  }
  return a.length - b.length;
}

/** Halves of a surrogate pair stand for code points above all others. */
function lift(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

/**
 * The number that a trimmed cell spells, decimal or with exponent, as JavaScript writes it or with a plus before it;
 * NaN for all else, hexadecimal and infinity too.
 */
export function toNumber(cell: string): number {
  const length = cell.length;
  if (length > 10) return byEngine(cell);
  const first = cell.charCodeAt(0);
  let digits = 0;
  let whole = 0;
  let point = -1;
  for (let at = first === minus || first === plus ? 1 : 0; at < length; at++) {
    const code = cell.charCodeAt(at);
    if (code >= zero && code <= zero + 9) {
      whole = (whole * 10 + (code - zero)) | 0;
      digits++;
    } else if (code === 46 && point < 0) point = at;
    else return byEngine(cell);
  }
  if (digits === 0 || digits > 9) return byEngine(cell);
  // Both whole and the power of ten are exact, so that one division rounds once (Clinger 1990): what the engine gives.
  const size = point < 0 ? whole : whole / powersOfTen[length - 1 - point];
  return first === minus ? 0 - size : size;
}

const [plus, minus, zero] = [43, 45, 48];
const powersOfTen = Float64Array.from({ length: 10 }, (_, k) => 10 ** k);

function byEngine(cell: string): number {
  const value = +cell;
  // Not hex, binary, octal; not infinity; and an empty text is not 0.
  if (!Number.isFinite(value) || cell === '' || /^0[a-df-z]/i.test(cell)) return Number.NaN;
  return value + 0;
}

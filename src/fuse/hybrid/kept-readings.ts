/** Readings of the slow sensor that a late one may still have to be put among, in order of their own time. */
export interface KeptReadings {
  count: number;
  /** Time, value, quality, sequence number of each. */
  readonly columns: Float64Array; // [capacity, 4]
}

const width = 4;

export function keptReadings(capacity: number): KeptReadings {
  return { count: 0, columns: new Float64Array(capacity * width) };
}

export function isFull({ count, columns }: KeptReadings): boolean {
  return (count + 1) * width > columns.length;
}

export function readingTime({ columns }: KeptReadings, at: number): number {
  return columns[at * width];
}

export function readingValue({ columns }: KeptReadings, at: number): number {
  return columns[at * width + 1];
}

export function readingQuality({ columns }: KeptReadings, at: number): number {
  return columns[at * width + 2];
}

/** Puts a reading in its place: by time, then by sequence number, then by value. There must be room. */
export function keepReading(
  kept: KeptReadings,
  timeMs: number,
  value: number,
  quality: number,
  sequence: number,
): void {
  const { columns } = kept;
  let at = kept.count++ * width;
  for (; at > 0 && isAfter(columns, at - width, timeMs, sequence, value); at -= width) {
    columns.copyWithin(at, at - width, at);
  }
  columns[at] = timeMs;
  columns[at + 1] = value;
  columns[at + 2] = quality;
  columns[at + 3] = sequence;
}

function isAfter(columns: Float64Array, at: number, timeMs: number, sequence: number, value: number): boolean {
  if (columns[at] !== timeMs) return columns[at] > timeMs;
  if (columns[at + 3] !== sequence) return columns[at + 3] > sequence;
  return columns[at + 1] > value;
}

/** Forgets the oldest of them. */
export function dropReadings(kept: KeptReadings, many: number): void {
  if (many === 0) return;
  kept.columns.copyWithin(0, many * width, kept.count * width);
  kept.count -= many;
}

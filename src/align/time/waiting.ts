/**
 * Readings taken in whose turn has not come, in order: by time, then sensor, then sequence number. A ring of columns that grows
 * and shrinks with what waits, so that a subject of whom little is due costs little.
 */
export interface Waiting {
  /** Where the first stands, and how many wait. Places count modulo the capacity, a power of two. */
  head: number;
  length: number;
  timeMs: Float64Array; // [capacity]
  sensor: Uint8Array; // [capacity]
  sequence: Int32Array; // [capacity]
  value: Float32Array; // [capacity]
  quality: Float32Array; // [capacity]
}

/** Is told of readings one by one: where among those that wait each stands, as long as it is told. */
export type Sink = (waiting: Waiting, at: number) => void;

const atRest = 16;

export function newWaiting(): Waiting {
  return sized(atRest);
}

/** How many of one sensor wait. */
export function waitsOf(waiting: Waiting, sensor: number): number {
  const mask = waiting.timeMs.length - 1;
  let many = 0;
  for (let at = 0; at < waiting.length; at++) if (waiting.sensor[(waiting.head + at) & mask] === sensor) many++;
  return many;
}

/** Takes the place that is its own; readings mostly come in order, so it looks from the end. */
export function enqueue(
  waiting: Waiting,
  sensor: number,
  timeMs: number,
  sequence: number,
  value: number,
  quality: number,
): void {
  if (waiting.length === waiting.timeMs.length) moveInto(waiting, sized(2 * waiting.length));
  const mask = waiting.timeMs.length - 1;
  let at = (waiting.head + waiting.length) & mask;
  for (let after = waiting.length; after > 0; after--) {
    const before = (at - 1) & mask;
    if (!precedes(waiting, sensor, timeMs, sequence, value, before)) break;
    waiting.timeMs[at] = waiting.timeMs[before];
    waiting.sensor[at] = waiting.sensor[before];
    waiting.sequence[at] = waiting.sequence[before];
    waiting.value[at] = waiting.value[before];
    waiting.quality[at] = waiting.quality[before];
    at = before;
  }
  waiting.timeMs[at] = timeMs;
  waiting.sensor[at] = sensor;
  waiting.sequence[at] = sequence;
  waiting.value[at] = value;
  waiting.quality[at] = quality;
  waiting.length++;
}

/** Hands on, in order, what was measured before `untilMs`. */
export function release(waiting: Waiting, untilMs: number, sink: Sink): void {
  const mask = waiting.timeMs.length - 1;
  while (waiting.length > 0 && waiting.timeMs[waiting.head] < untilMs) {
    const at = waiting.head;
    waiting.head = (at + 1) & mask;
    waiting.length--;
    sink(waiting, at);
  }
  let capacity = mask + 1;
  while (capacity > atRest && waiting.length * 8 <= capacity) capacity /= 2;
  if (capacity <= mask) moveInto(waiting, sized(capacity));
}

/** Whether a reading comes before the one at `at`. Two streams may number alike: then the values decide. */
function precedes(
  waiting: Waiting,
  sensor: number,
  timeMs: number,
  sequence: number,
  value: number,
  at: number,
): boolean {
  if (timeMs !== waiting.timeMs[at]) return timeMs < waiting.timeMs[at];
  if (sensor !== waiting.sensor[at]) return sensor < waiting.sensor[at];
  if (sequence !== waiting.sequence[at]) return sequence < waiting.sequence[at];
  return value < waiting.value[at];
}

/** Makes larger or smaller columns its own. */
function moveInto(waiting: Waiting, into: Waiting): void {
  const mask = waiting.timeMs.length - 1;
  for (let at = 0; at < waiting.length; at++) {
    const from = (waiting.head + at) & mask;
    into.timeMs[at] = waiting.timeMs[from];
    into.sensor[at] = waiting.sensor[from];
    into.sequence[at] = waiting.sequence[from];
    into.value[at] = waiting.value[from];
    into.quality[at] = waiting.quality[from];
  }
  Object.assign(waiting, into, { length: waiting.length });
}

function sized(capacity: number): Waiting {
  return {
    head: 0,
    length: 0,
    timeMs: new Float64Array(capacity),
    sensor: new Uint8Array(capacity),
    sequence: new Int32Array(capacity),
    value: new Float32Array(capacity),
    quality: new Float32Array(capacity),
  };
}

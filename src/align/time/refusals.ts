/** Why a message is not taken in, and how often that happened: nothing is dropped in silence. */

/**
 * - `malformed`: not a reading at all, or of wrong types.
 * - `too-large`: a line longer than any reading needs; it is not parsed.
 * - `unknown-sensor`: of a sensor that nobody listens to.
 * - `not-a-number`: NaN or infinite.
 * - `out-of-range`: what the sensor cannot mean.
 * - `wrong-unit`: likewise, but in range once taken for the unit that it is known to be confused with.
 * - `future`: measured after it arrived, by more than clocks differ.
 * - `late`: arrived longer after its measurement than its sensor is waited for.
 * - `duplicate`: a reading come again.
 * - `conflict`: the number of a reading, come again with another content. The first one stands.
 * - `too-many`: more messages of one sensor in one second than are looked at, or more waiting than there is room.
 */
export const refusals = [
  'malformed',
  'too-large',
  'unknown-sensor',
  'not-a-number',
  'out-of-range',
  'wrong-unit',
  'future',
  'late',
  'duplicate',
  'conflict',
  'too-many',
] as const;
export type Refusal = (typeof refusals)[number];

/** 0: taken in; otherwise 1 + the index into `refusals`. */
export type Verdict = number;
export const taken: Verdict = 0;

export function verdictOf(reason: Refusal): Verdict {
  return refusals.indexOf(reason) + 1;
}

/** Undefined where it was taken in. */
export function refusalOf(verdict: Verdict): Refusal | undefined {
  return verdict === taken ? undefined : refusals[verdict - 1];
}

const verdicts = refusals.length + 1;

/**
 * How many messages got which verdict: `[sensors + 1, verdicts]`, the last row those of no known sensor. At 2^32 - 1 a count
 * stays.
 */
export type Counts = Uint32Array;

export function newCounts(sensors: number): Counts {
  return new Uint32Array((sensors + 1) * verdicts); // [sensors + 1, verdicts]
}

/** @param sensor the number of sensors, for one of no known sensor */
export function count(counts: Counts, sensor: number, verdict: Verdict): void {
  const at = sensor * verdicts + verdict;
  if (counts[at] < 0xffffffff) counts[at]++;
}

export interface SensorCount {
  /** Null: of no known sensor. */
  readonly sensor: string | null;
  readonly taken: number;
  /** Only reasons that occurred. */
  readonly refused: Readonly<Partial<Record<Refusal, number>>>;
}

/** Sensors in their order, and last, where there were any, messages of none of them. */
export function readCounts(counts: Counts, sensors: readonly string[]): SensorCount[] {
  const rows = [...sensors, null].map((sensor, row) => {
    const refused: Partial<Record<Refusal, number>> = {};
    for (const [at, reason] of refusals.entries()) {
      const times = counts[row * verdicts + 1 + at];
      if (times) refused[reason] = times;
    }
    return { sensor, taken: counts[row * verdicts], refused };
  });
  return rows.filter(({ sensor, refused }) => sensor !== null || Object.keys(refused).length > 0);
}

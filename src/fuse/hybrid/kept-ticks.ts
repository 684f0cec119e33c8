/** Ticks that a late reading may make be told again: what was heard at each, and how it was judged. A ring. */
export interface KeptTicks {
  /** Place of the oldest. */
  head: number;
  count: number;
  readonly values: Float32Array; // [capacity, features]
  /** A bit each: whether it was judged alarming, then whether each feature was heard. */
  readonly flags: Uint8Array; // [capacity, flag bytes]
}

/** Of ticks with so many features. */
export interface TickRing {
  readonly capacity: number;
  make(): KeptTicks;
  /** Place of the tick that is so many after the oldest. */
  placeOf(kept: KeptTicks, nth: number): number;
  /** Keeps a tick after the newest. @param columns which of the features it is of, by their places in `values` */
  keep(kept: KeptTicks, values: Float32Array, heard: Uint8Array, columns: Int32Array): number;
  dropOldest(kept: KeptTicks): void;
  isAlarming(kept: KeptTicks, place: number): boolean;
  judge(kept: KeptTicks, place: number, isAlarming: boolean): void;
  /** Whether each feature was heard; in a buffer that is used again. */
  heard(kept: KeptTicks, place: number): Uint8Array;
}

export function tickRing(capacity: number, features: number): TickRing {
  const bytes = (features >> 3) + 1;
  const told = new Uint8Array(features);
  return {
    capacity,
    make: () => ({
      head: 0,
      count: 0,
      values: new Float32Array(capacity * features),
      flags: new Uint8Array(capacity * bytes),
    }),
    placeOf: ({ head }, nth) => (head + nth) % capacity,
    keep(kept, values, heard, columns) {
      const place = (kept.head + kept.count++) % capacity;
      kept.flags.fill(0, place * bytes, (place + 1) * bytes);
      for (let j = 0; j < features; j++) {
        kept.values[place * features + j] = values[columns[j]];
        if (heard[columns[j]] === 1) kept.flags[place * bytes + ((j + 1) >> 3)] |= 1 << ((j + 1) & 7);
      }
      return place;
    },
    dropOldest(kept) {
      kept.head = (kept.head + 1) % capacity;
      kept.count--;
    },
    isAlarming: ({ flags }, place) => (flags[place * bytes] & 1) === 1,
    judge({ flags }, place, isAlarming) {
      if (isAlarming) flags[place * bytes] |= 1;
      else flags[place * bytes] &= ~1;
    },
    heard({ flags }, place) {
      for (let j = 0; j < features; j++) told[j] = (flags[place * bytes + ((j + 1) >> 3)] >> ((j + 1) & 7)) & 1;
      return told;
    },
  };
}

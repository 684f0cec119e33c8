import type { WatchedNight } from '../../evaluate/nights/watched-night.ts';

/** A night whose columns lie in memory that threads share, so that handing it on copies nothing. */
export function sharedNight(night: WatchedNight): WatchedNight {
  const { values, heard, readings, ...track } = night.track;
  return {
    ...night,
    track: {
      ...track,
      values: shared(values),
      heard: shared(heard),
      readings: {
        timeMs: shared(readings.timeMs),
        knownMs: shared(readings.knownMs),
        value: shared(readings.value),
        quality: shared(readings.quality),
      },
    },
  };
}

type Column = Float32Array | Float64Array | Uint8Array;

function shared<A extends Column>(from: A): A {
  const Kind = from.constructor as new (memory: SharedArrayBuffer) => Column;
  const copy = new Kind(new SharedArrayBuffer(from.byteLength));
  copy.set(from);
  return copy as A;
}

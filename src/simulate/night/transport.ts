/**
 * The way from a sensor to whoever fuses: delays with a heavy tail, order lost by it, readings sent twice, a radio link that
 * drops out and afterwards hands in what it kept, or lost it, and a watch whose clock is off. Everything belongs to the
 * second of a reading, not to its place among others.
 *
 * No public recording of arrival times was found: all figures are assumed. They are shaped after what devices and clouds say
 * of themselves: seconds as a rule, minutes to hours after a lost link.
 */
import { InputError } from '../../errors.ts';
import { countedNoise, normalTable } from './counted-noise.ts';

export type TransportName = 'none' | 'usual' | 'bad';

export interface Transport {
  /** Delay of a reading, log-normal, seconds. */
  readonly delay: { readonly median: number; readonly logSd: number };
  /** Share that takes a detour besides, of Pareto length: at least so many seconds, cut at the most. */
  readonly detour: { readonly share: number; readonly least: number; readonly power: number; readonly most: number };
  readonly twice: { readonly share: number; readonly afterSeconds: number };
  readonly dropOut: { readonly perHour: number; readonly meanSeconds: number; readonly lostShare: number };
  /** Standard deviation of how far the watch's clock is off, seconds. */
  readonly clockSd: number;
}

const TRANSPORTS: Readonly<Record<TransportName, Transport>> = {
  none: {
    delay: { median: 0, logSd: 0 },
    detour: { share: 0, least: 0, power: 1, most: 0 },
    twice: { share: 0, afterSeconds: 0 },
    dropOut: { perHour: 0, meanSeconds: 0, lostShare: 0 },
    clockSd: 0,
  },
  usual: {
    delay: { median: 0.4, logSd: 0.7 },
    detour: { share: 0.005, least: 2, power: 1.5, most: 120 },
    twice: { share: 0.005, afterSeconds: 2 },
    dropOut: { perHour: 0.25, meanSeconds: 90, lostShare: 0.05 },
    clockSd: 0.2,
  },
  bad: {
    delay: { median: 0.8, logSd: 1 },
    detour: { share: 0.03, least: 2, power: 1.1, most: 600 },
    twice: { share: 0.05, afterSeconds: 5 },
    dropOut: { perHour: 1.5, meanSeconds: 300, lostShare: 0.2 },
    clockSd: 2,
  },
};

/** Readings of one sensor in order of time, seconds from the start of the stretch. */
export interface Readings {
  readonly count: number;
  readonly second: Float64Array; // [room], filled to count
  readonly value: Float32Array; // [room]
  readonly quality: Float32Array; // [room]
}

/** Arrivals of all sensors, in columns with room to spare, ordered as they were sent. */
export interface Arrivals {
  count: number;
  readonly sensor: Uint8Array;
  readonly sequence: Int32Array;
  readonly second: Float64Array;
  readonly arrived: Float64Array;
  readonly value: Float32Array;
  readonly quality: Float32Array;
}

export function emptyArrivals(room: number): Arrivals {
  return {
    count: 0,
    sensor: new Uint8Array(room),
    sequence: new Int32Array(room),
    second: new Float64Array(room),
    arrived: new Float64Array(room),
    value: new Float32Array(room),
    quality: new Float32Array(room),
  };
}

/** @throws InputError for a name that is none. */
export function transportOf(name: TransportName): Transport {
  if (Object.hasOwn(TRANSPORTS, name)) return TRANSPORTS[name];
  const expected = `one of ${Object.keys(TRANSPORTS).join(', ')}`;
  throw new InputError({ where: 'simulateNight: transport', what: 'unknown transport', expected, got: String(name) });
}

/**
 * Sends the readings of one sensor after those that are there already. Lost ones keep their sequence number, so that the
 * gap shows. Readings come back after a drop-out within a second of its end, in order.
 *
 * @param link the name of the radio link: sensors of one link drop out together
 */
export function send(
  into: Arrivals,
  sensor: number,
  { count, second, value, quality }: Readings,
  { delay, detour, twice, dropOut, clockSd }: Transport,
  { seed, link, seconds }: { readonly seed: number; readonly link: string; readonly seconds: number },
): void {
  const back = linkBack(dropOut, seed, link, seconds);
  const clock = clockSd * countedNoise(seed, 'clock', link).normal(0);
  const noise = countedNoise(seed, 'transport', sensor);
  const late = normalTable((normal) => delay.median * Math.exp(delay.logSd * normal));
  const anythingRare = detour.share > 0 || twice.share > 0;
  let inSecond = -1;
  let place = 0; // counts the readings of one second
  for (let i = 0; i < count; i++) {
    const s = Math.min(seconds - 1, Math.max(0, Math.floor(second[i])));
    place = s === inSecond ? place + 1 : 0;
    inSecond = s;
    const draws = 4 * (4 * s + Math.min(3, place));
    let arrived = second[i];
    if (delay.median > 0) arrived += late[noise.step(draws)];
    const rare = anythingRare ? noise.uniform(draws + 1) : 0.5; // detours at one end, repeats at the other
    if (rare < detour.share) {
      arrived += Math.min(detour.most, detour.least * noise.uniform(draws + 2) ** (-1 / detour.power));
    }
    if (back[s] !== 0) {
      if (back[s] < 0) continue; // lost
      const kept = (back[s] - s) / 3600; // handed in in order, a little apart
      arrived = Math.max(arrived, back[s] + Math.max(0, 1 - kept));
    }
    put(into, sensor, i, second[i] + clock, arrived, value[i], quality[i]);
    if (rare > 1 - twice.share) {
      const again = arrived - twice.afterSeconds * Math.log(noise.uniform(draws + 2));
      put(into, sensor, i, second[i] + clock, again, value[i], quality[i]);
    }
  }
}

function put(
  into: Arrivals,
  sensor: number,
  sequence: number,
  second: number,
  arrived: number,
  value: number,
  quality: number,
): void {
  const k = into.count++;
  into.sensor[k] = sensor;
  into.sequence[k] = sequence;
  into.second[k] = second;
  into.arrived[k] = arrived;
  into.value[k] = value;
  into.quality[k] = quality;
}

/** For every second 0 where the link is up, else the second at which it is back, or -1 where what was sent is lost. */
function linkBack(dropOut: Transport['dropOut'], seed: number, link: string, seconds: number): Int32Array {
  const back = new Int32Array(seconds);
  if (dropOut.perHour === 0) return back;
  const noise = countedNoise(seed, 'link', link);
  for (let k = 0, at = 0; ; k += 3) {
    at -= (3600 / dropOut.perHour) * Math.log(noise.uniform(k));
    const until = Math.ceil(at - dropOut.meanSeconds * Math.log(noise.uniform(k + 1)));
    if (at >= seconds) return back;
    back.fill(noise.uniform(k + 2) < dropOut.lostShare ? -1 : until, Math.floor(at), Math.min(seconds, until));
    at = until;
  }
}

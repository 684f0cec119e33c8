/** A watch's and a CGM's readings of one night, sent and put in order of arrival: a `Recording`. */
import type { Recording } from '../../align/time/recording.ts';
import { deriveSeed } from '../../array/random.ts';
import { emptyArrivals, type Readings, send, type Transport } from './transport.ts';
import { arrivalOrder } from './transport-order.ts';
import type { WatchNight } from './watch-night.ts';

/** `cgm`: mg/dL, every 5 min. `interbeat`: ms, one a beat. `motion`: milli-g of distance from gravity, one a second. */
const NIGHT_SENSORS = ['cgm', 'interbeat', 'motion'] as const;

export interface NightFrame extends Pick<Recording, 'id' | 'subject' | 'startMs' | 'endMs' | 'utcOffsetMs'> {
  /** Unix time of second 0 of all readings. */
  readonly zeroMs: number;
  readonly seconds: number;
  /** Of this night alone. */
  readonly seed: number;
}

/** @param cgm in seconds from second 0, mg/dL */
export function nightRecording(
  { zeroMs, seconds, seed, ...judged }: NightFrame,
  cgm: Readings,
  { beats, motion }: WatchNight,
  transport: Transport,
): Recording {
  const room = Math.ceil(1.2 * (cgm.count + beats.count + motion.length)) + 100;
  const sent = emptyArrivals(room);
  const own = deriveSeed(seed, 'transport');
  send(sent, 0, cgm, transport, { seed: own, link: 'cgm', seconds });
  const watch = { seed: own, link: 'watch', seconds };
  send(sent, 1, { ...beats, value: beats.intervalMs }, transport, watch);
  send(sent, 2, everySecond(motion), transport, watch);
  const order = arrivalOrder(sent);
  const { length } = order;
  const recording: Recording = {
    ...judged,
    sensors: NIGHT_SENSORS,
    sensor: new Uint8Array(length),
    sequence: new Int32Array(length),
    timeMs: new Float64Array(length),
    arrivedMs: new Float64Array(length),
    value: new Float32Array(length),
    quality: new Float32Array(length),
  };
  const { sensor, sequence, timeMs, arrivedMs, value, quality } = recording;
  for (let k = 0; k < length; k++) {
    const i = order[k];
    sensor[k] = sent.sensor[i];
    sequence[k] = sent.sequence[i];
    timeMs[k] = Math.floor(zeroMs + 1000 * sent.second[i] + 0.5);
    arrivedMs[k] = Math.floor(zeroMs + 1000 * sent.arrived[i] + 0.5);
    value[k] = sent.value[i];
    quality[k] = sent.quality[i];
  }
  return recording;
}

function everySecond(values: Float32Array): Readings {
  const second = new Float64Array(values.length);
  for (let i = 0; i < second.length; i++) second[i] = i;
  return { count: values.length, second, value: values, quality: new Float32Array(values.length).fill(1) };
}

import type { Recording } from '../../align/time/recording.ts';
import type { Series } from './picture.ts';

const minuteMs = 60_000;

/**
 * What a sensor read, averaged over each minute in which it was heard; readings of quality 0 left out.
 *
 * @param of made of each value before averaging, such as beats a minute of an interval between beats
 */
export function byMinute(
  { sensors, sensor, timeMs, value, quality, startMs, endMs }: Recording,
  name: string,
  of: (value: number) => number = (same) => same,
): Series {
  const wanted = sensors.indexOf(name);
  const minutes = Math.max(0, Math.ceil((endMs - startMs) / minuteMs));
  const sum = new Float64Array(minutes);
  const count = new Uint32Array(minutes);
  for (let i = 0; i < timeMs.length; i++) {
    if (sensor[i] !== wanted || !(quality[i] > 0)) continue;
    const minute = Math.floor((timeMs[i] - startMs) / minuteMs);
    if (minute < 0 || minute >= minutes) continue;
    sum[minute] += of(value[i]);
    count[minute]++;
  }
  const heard = [...count.keys()].filter((minute) => count[minute] > 0);
  return {
    timeMs: heard.map((minute) => startMs + (minute + 0.5) * minuteMs),
    value: heard.map((minute) => sum[minute] / count[minute]),
  };
}

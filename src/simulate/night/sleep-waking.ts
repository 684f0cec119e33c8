import type { Random } from '../../array/random.ts';
import { HEART_EFFECTS, type HeartTrait } from './heart-effects.ts';
import { type Sleep, WAKE } from './sleep.ts';

/**
 * The sleep with wakings by low glucose laid over it. Candidates come at the greatest rate there can be and are taken by
 * the response of the moment, so that a weaker effect has a part of the wakings of a stronger one and no others.
 *
 * @param course the response at every second, 0 to 1
 * @param effect `heartRateEffect`
 */
export function wokenBy(
  sleep: Sleep,
  { response }: HeartTrait,
  course: Float32Array, // [seconds]
  effect: number,
  draw: Random,
): Sleep {
  if (response !== 'positive' || effect === 0) return sleep;
  const { wakingsPerHour, wakingMinutes } = HEART_EFFECTS;
  const candidatesPerHour = wakingsPerHour * MOST_EFFECT;
  const seconds = course.length;
  let stages: Uint8Array | undefined;
  let at = 0;
  for (;;) {
    at -= (3600 / candidatesPerHour) * Math.log(1 - draw.uniform());
    const taken = draw.uniform();
    const minutes = -wakingMinutes * Math.log(1 - draw.uniform());
    const second = Math.floor(at);
    if (second >= seconds) break;
    if (taken * MOST_EFFECT < effect * course[second]) {
      stages ??= sleep.stages.slice();
      stages.fill(WAKE, second, Math.min(seconds, second + Math.round(60 * minutes)));
    }
  }
  return stages ? { ...sleep, stages } : sleep;
}

/** The largest effect that is simulated. */
export const MOST_EFFECT = 4;

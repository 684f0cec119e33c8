/**
 * How heart and arousal answer a low glucose, by person: every size, with its source, fixed before any fusion was tried.
 * Sizes are those of effect 1; option `heartRateEffect` scales them all. "Assumed" means that no figure was found.
 */
import { deriveSeed, random } from '../../array/random.ts';

export type HeartResponse = 'positive' | 'opposite' | 'none';

export const HEART_EFFECTS = {
  /**
   * Shares of people. Olde Bekkink, Koeneman, de Galan, Bredie 2019 (Diabetes Care; 66 events of 23 people with type 1
   * diabetes): the expected change of heart-rate variability in 55 % of events, the opposite in 27 %; the other 18 %
   * showed no change or could not be read. Shares of events there, of people here (assumed).
   */
  positiveShare: 0.55,
  oppositeShare: 0.27,
  /** Response by glucose, 1 / (1 + exp(−(65 − G) / 5)), G in mg/dL: half at 65, a quarter at 70.5, 95 % at 50 (assumed). */
  halfMgPerDl: 65,
  slopeMgPerDl: 5,
  /** Below this response it is counted as none, so that a night above 88 mg/dL is the same at every effect (assumed). */
  least: 0.01,
  /** Delay behind glucose, minutes, uniform over people (assumed). Schultes 2007: adrenaline rose 7.5 min before waking. */
  delayMinutes: [5, 15],
  /**
   * Heart rate at full response, beats/min, log-normal over people. Koivikko 2005 (Diabetes; clamp at 2.0-2.5 mmol/L, awake,
   * 16 people with type 1 diabetes): 72 to 80. Asleep adrenaline answers with about a third (Banarer, Cryer 2003: 85
   * against 240 pg/ml), and Koivikko 2012 (18 pairs of nocturnal episodes) found no change of the mean (62 and 63).
   * 6 for those who answer, opposite signs included: between the two (assumed), a mean of +1.7 over everyone.
   */
  bpm: 6,
  bpmLogSd: 0.3,
  /**
   * Amplitude of the low-frequency component at full response. Koivikko 2012 (Diabetes Care 35:1585): power 2,134 to
   * 1,169 ms², a factor of .55 or .74 in amplitude. In all who answer.
   */
  lowFrequency: 0.74,
  /**
   * Amplitude of the respiratory component: less where the heart rate rises, more where it falls. Olde Bekkink 2019: mean
   * RMSSD fell by 4.4 ms over all events; with shares .55 and .27 and an RMSSD near 45 ms, 30 % either way gives 3.8.
   */
  respiratory: 0.3,
  /**
   * Restlessness: movements at full response, as a multiple added to the usual rate. Jauch-Chara 2007 (Diabetes 56:1938,
   * table 1; 16 healthy people, 2.2 mmol/L): epochs with movement 8 to 19 % in early sleep, 12 to 20 % in late, about 1
   * added. Half of that in type 1 diabetes (assumed, after Banarer 2003). In all who answer.
   */
  restlessness: 0.5,
  /**
   * Wakings an hour at full response, of those whose response is positive. Schultes 2007 (PLoS Med 4:e69): 1 of 16 people
   * with type 1 diabetes woke within about an hour, against 10 of 16 without diabetes; 1 / 16 / .55 of those who answer.
   */
  wakingsPerHour: 0.11,
  /** Minutes awake after such a waking, exponential with this mean (assumed). */
  wakingMinutes: 6,
} as const;

/** What one person's body does at a low glucose. */
export interface HeartTrait {
  readonly response: HeartResponse;
  /** Change of the heart rate at full response; negative where it falls. */
  readonly bpm: number;
  readonly delaySeconds: number;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The same numbers are drawn whatever the response is. Responses are spread over people by steps of the golden ratio from a
 * place drawn by the seed, so that any run of people has nearly the stated shares.
 */
export function drawHeartTrait(seed: number, index: number): HeartTrait {
  const { positiveShare, oppositeShare, bpm, bpmLogSd, delayMinutes } = HEART_EFFECTS;
  const draw = random(deriveSeed(seed, 'heart response', index));
  const place = (random(deriveSeed(seed, 'heart responses')).uniform() + index * GOLDEN) % 1;
  const size = bpm * Math.exp(bpmLogSd * draw.normal());
  const delaySeconds = 60 * (delayMinutes[0] + (delayMinutes[1] - delayMinutes[0]) * draw.uniform());
  if (place < positiveShare) return { response: 'positive', bpm: size, delaySeconds };
  if (place < positiveShare + oppositeShare) return { response: 'opposite', bpm: -size, delaySeconds };
  return { response: 'none', bpm: 0, delaySeconds };
}

/**
 * How far the response has gone at every second, 0 to 1. `glucoseMgPerDl` stands at minutes 0, 1, ... of the same stretch
 * and keeps its last value. All zero for a person without response.
 */
export function heartResponse(
  { response, delaySeconds }: HeartTrait,
  glucoseMgPerDl: Float64Array, // [minutes]
  seconds: number,
): Float32Array {
  const { halfMgPerDl, slopeMgPerDl, least } = HEART_EFFECTS;
  const course = new Float32Array(seconds);
  if (response === 'none') return course;
  const highest = halfMgPerDl + slopeMgPerDl * Math.log(1 / least - 1);
  const last = glucoseMgPerDl.length - 1;
  for (let s = 0; s < seconds; s++) {
    const minutes = Math.min(last, Math.max(0, (s - delaySeconds) / 60));
    const before = Math.min(last - 1, Math.floor(minutes));
    const part = minutes - before;
    const glucose = glucoseMgPerDl[before] * (1 - part) + glucoseMgPerDl[before + 1] * part;
    if (glucose < highest) course[s] = 1 / (1 + Math.exp((glucose - halfMgPerDl) / slopeMgPerDl));
  }
  return course;
}

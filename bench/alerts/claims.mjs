/**
 * Alerts as claims: each says that a reading below 70 mg/dL comes within 40 minutes, and has come true or is false. While the
 * score stays high a claim is made anew every 40 minutes, so that an alert left on for hours is not one false alarm, and is
 * not blind to the event at its end.
 */

const minute = 60_000;
export const claimMs = 40 * minute;
const pauseMs = 15 * minute; // after so long below the threshold it is a new claim
const staleMs = 20 * minute; // a word stands for so long

/** Ticks at which a claim is made. NaN in `score`: the last word stands. */
export function claimTicks(score, stepMs, threshold, made = []) {
  made.length = 0;
  let word = Number.NEGATIVE_INFINITY;
  let said = 0; // tick of the last word
  let on = -Infinity; // last tick at which it was raised
  let claimed = -Infinity;
  for (let k = 0; k < score.length; k++) {
    if (!Number.isNaN(score[k])) {
      word = score[k];
      said = k;
    }
    if (!(word >= threshold) || (k - said) * stepMs > staleMs) continue;
    if ((k - on) * stepMs > pauseMs || (k - claimed) * stepMs >= claimMs) {
      made.push(k);
      claimed = k;
    }
    on = k;
  }
  return made;
}

/**
 * By tick, whether a claim made there would be false; of one person's sound readings. The last reading before the tick counts
 * for as long as the next one is not due.
 */
export function falseIfClaimed({ ticks, startMs, stepMs }, { timeMs, value }, everySeconds) {
  const wrong = new Uint8Array(ticks).fill(1); // [ticks]
  for (let i = 0; i < timeMs.length; i++) {
    if (!(value[i] < 70)) continue;
    const from = Math.max(0, Math.ceil((timeMs[i] - claimMs - startMs) / stepMs));
    const to = Math.min(ticks - 1, Math.ceil((timeMs[i] + everySeconds * 1000 - startMs) / stepMs) - 1);
    for (let k = from; k <= to; k++) wrong[k] = 0;
  }
  return wrong;
}

/** False claims of a night's judged ticks, and of each onset judged the lead of its first claim in minutes (null: none). */
export function judgeClaims({ track, wrong, onsets }, score, threshold, scratch = []) {
  const { startMs, stepMs, judgedFrom } = track;
  const made = claimTicks(score, stepMs, threshold, scratch);
  let falseClaims = 0;
  for (const k of made) falseClaims += k >= judgedFrom ? wrong[k] : 0;
  const leads = onsets.map((onsetMs) => {
    const first = made.find((k) => startMs + k * stepMs >= onsetMs - claimMs && startMs + k * stepMs <= onsetMs);
    return first === undefined ? null : (onsetMs - startMs - first * stepMs) / minute;
  });
  return { falseClaims, leads };
}

/**
 * The lowest threshold at which so many nights make no more false claims than `budget` a night. Where two score alike at both
 * sides, the side that keeps the budget.
 *
 * @param nights with their `score`
 */
export function thresholdFor(nights, budget) {
  const candidates = Float64Array.from(nights.flatMap(({ score }) => sampled(score))).sort();
  const most = budget * nights.length;
  const scratch = [];
  const falseAt = (threshold) => {
    let sum = 0;
    for (const night of nights) {
      const made = claimTicks(night.score, night.track.stepMs, threshold, scratch);
      for (const k of made) sum += k >= night.track.judgedFrom ? night.wrong[k] : 0;
      if (sum > most) break;
    }
    return sum;
  };
  let low = Math.floor(candidates.length / 2); // more than half of all time no one wants to be alarmed
  let high = candidates.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (falseAt(candidates[middle]) > most) low = middle;
    else high = middle;
  }
  return high < candidates.length ? candidates[high] : Number.POSITIVE_INFINITY;
}

/** Words of a score, at most one in five minutes. */
function sampled(score) {
  const words = [];
  let last = -5;
  for (let k = 0; k < score.length; k++) {
    if (Number.isNaN(score[k]) || k - last < 5) continue;
    words.push(score[k]);
    last = k;
  }
  return words;
}

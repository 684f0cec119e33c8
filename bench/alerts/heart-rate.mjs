/**
 * What the level of the heart rate alone tells of nocturnal lows: that around each onset between 00:00 and 06:00 against the
 * same half hour of the clock in the person's nights without a low.
 */
const minute = 60_000;
const day = 1440 * minute;

/**
 * @param people `{ heartRate, lows }` each, by local time
 * @param from minutes after onset at which the half hour begins
 * @returns events with a heart rate, the chance that theirs is above that of a night without, averaged over events, and the
 *   median difference in beats a minute
 */
export function heartRateLevel(people, from = 0) {
  const chances = [];
  const differences = [];
  for (const { subject, heartRate, lows } of people) {
    const lowDays = new Set(lows.flatMap(({ onsetMs, endMs }) => [dateOf(onsetMs), dateOf(endMs)]));
    for (const { onsetMs } of lows) {
      if (onsetMs % day >= 360 * minute) continue;
      const own = meanFrom(heartRate, onsetMs + from * minute);
      if (own === undefined) continue;
      const others = [];
      for (let date = dateOf(heartRate.timeMs[0]); date <= dateOf(heartRate.timeMs[heartRate.timeMs.length - 1]); date++) {
        if (lowDays.has(date)) continue;
        const mean = meanFrom(heartRate, date * day + (onsetMs % day) + from * minute);
        if (mean !== undefined) others.push(mean);
      }
      if (others.length === 0) continue;
      const below = others.filter((one) => one < own).length;
      const level = others.filter((one) => one === own).length;
      chances.push({ subject, chance: (below + level / 2) / others.length });
      others.sort((a, b) => a - b);
      differences.push(own - others[others.length >> 1]);
    }
  }
  differences.sort((a, b) => a - b);
  const auroc = chances.reduce((sum, { chance }) => sum + chance, 0) / chances.length;
  return { events: chances.length, auroc, medianBpm: differences[differences.length >> 1], chances };
}

const dateOf = (timeMs) => Math.floor(timeMs / day);

/** Of 30 minutes, where at least half of them were heard. */
function meanFrom({ timeMs, value }, start) {
  let low = 0;
  let high = timeMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeMs[middle] < start) low = middle + 1;
    else high = middle;
  }
  let sum = 0;
  let count = 0;
  for (let i = low; i < timeMs.length && timeMs[i] < start + 30 * minute; i++) {
    sum += value[i];
    count++;
  }
  return count >= 3 ? sum / count : undefined;
}

/**
 * What the level of the heart rate alone tells of nocturnal lows: that around each onset between 00:00 and 06:00 against the
 * same half hour of the clock in the person's nights without a low.
 */
import { interval } from './figures.mjs';
import { firstFrom } from './people.mjs';

const minute = 60_000;
const day = 1440 * minute;

/**
 * @param people `{ heartRate, lows }` each, by local time
 * @param draw as `interval` of figures.mjs takes it
 * @returns events with a heart rate, the chance that theirs is above that of a night without, averaged over events, and the
 *   median difference in beats a minute
 */
export function heartRateLevel(people, draw) {
  const byPerson = people.map(chancesOf);
  const differences = byPerson.flatMap((events) => events.map(({ bpm }) => bpm)).sort((a, b) => a - b);
  return {
    events: differences.length,
    auroc: interval(meanChance, draw, byPerson),
    medianBpm: differences[differences.length >> 1] ?? null,
  };
}

/** Of one person's events. */
function chancesOf({ heartRate, lows }) {
  const chances = [];
  const { timeMs } = heartRate;
  const lowDays = new Set(lows.flatMap(({ onsetMs, endMs }) => [dateOf(onsetMs), dateOf(endMs)]));
  for (const { onsetMs } of lows) {
    if (onsetMs % day >= 360 * minute) continue;
    const own = meanFrom(heartRate, onsetMs);
    if (own === undefined) continue;
    const others = [];
    for (let date = dateOf(timeMs[0]); date <= dateOf(timeMs[timeMs.length - 1]); date++) {
      if (lowDays.has(date)) continue;
      const mean = meanFrom(heartRate, date * day + (onsetMs % day));
      if (mean !== undefined) others.push(mean);
    }
    if (others.length === 0) continue;
    const below = others.filter((one) => one < own).length;
    const level = others.filter((one) => one === own).length;
    others.sort((a, b) => a - b);
    chances.push({ chance: (below + level / 2) / others.length, bpm: own - others[others.length >> 1] });
  }
  return chances;
}

function meanChance(byPerson) {
  const all = byPerson.flat();
  return all.reduce((sum, { chance }) => sum + chance, 0) / all.length;
}

const dateOf = (timeMs) => Math.floor(timeMs / day);

/** Of 30 minutes, where at least half of them were heard. */
function meanFrom({ timeMs, value }, start) {
  let sum = 0;
  let count = 0;
  for (let i = firstFrom(timeMs, start); i < timeMs.length && timeMs[i] < start + 30 * minute; i++) {
    sum += value[i];
    count++;
  }
  return count >= 3 ? sum / count : undefined;
}

/** The plain extrapolation: a straight line through the readings of the last 15 minutes, and where it stands 20 minutes on. */

const minute = 60_000;

/**
 * At each reading, by least squares; NaN where the quarter of an hour holds one reading only. A sensor that speaks every 15
 * minutes is allowed a minute and a half more, or there would be no two.
 */
export function lineAhead({ timeMs, value }, { everySeconds, aheadMinutes = 20 }) {
  const back = (everySeconds > 300 ? 16.5 : 15) * minute;
  const ahead = new Float64Array(timeMs.length); // [readings]
  for (let i = 0; i < timeMs.length; i++) {
    let n = 0;
    let sx = 0;
    let sy = 0;
    let sxx = 0;
    let sxy = 0;
    for (let j = i; j >= 0 && timeMs[j] >= timeMs[i] - back; j--) {
      const x = (timeMs[j] - timeMs[i]) / minute;
      n++;
      sx += x;
      sy += value[j];
      sxx += x * x;
      sxy += x * value[j];
    }
    const spread = n * sxx - sx * sx;
    const slope = (n * sxy - sx * sy) / spread;
    ahead[i] = spread > 0 ? (sy - slope * sx) / n + slope * aheadMinutes : Number.NaN;
  }
  return ahead;
}

/** As a score of a track's ticks: mg/dL below 70, at the tick that first knows of a reading, NaN at the others. */
export function lineScore({ ticks, startMs, stepMs, readings }, options) {
  const ahead = lineAhead(readings, options);
  const score = new Float32Array(ticks).fill(Number.NaN);
  for (let i = 0; i < ahead.length; i++) {
    const tick = Math.max(0, Math.ceil((readings.knownMs[i] - startMs) / stepMs));
    if (tick < ticks && !Number.isNaN(ahead[i])) score[tick] = 70 - ahead[i];
  }
  return score;
}

/**
 * The figures of the README of t1d-uom, by its rules: an alert is a reading from which the line reaches 70 mg/dL within 20
 * minutes, and none such lay in the 15 minutes before; both it and the onsets are of 00:00 to 06:00. It is right for an event
 * in the 40 minutes before its onset, and false where no reading of the 40 minutes after it is below 70.
 *
 * @param people `{ everySeconds, readings, lows }` each, by local time
 */
export function plainLine(people, threshold = 70) {
  const leads = []; // minutes, of events alerted
  let events = 0;
  let falseAlerts = 0;
  let nights = 0;
  for (const { everySeconds, readings, lows } of people) {
    const { timeMs, value } = readings;
    const ahead = lineAhead(readings, { everySeconds });
    const raised = [];
    const dates = new Set();
    let last = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < timeMs.length; i++) {
      if (!atNight(timeMs[i])) continue;
      dates.add(Math.floor(timeMs[i] / (1440 * minute)));
      if (!(ahead[i] <= threshold)) continue;
      if (timeMs[i] - last > 15 * minute) {
        raised.push(timeMs[i]);
        if (!lowWithin(timeMs, value, i, threshold)) falseAlerts++;
      }
      last = timeMs[i];
    }
    nights += dates.size;
    for (const { onsetMs } of lows.filter((low) => atNight(low.onsetMs))) {
      events++;
      const first = raised.find((time) => time >= onsetMs - 40 * minute && time <= onsetMs);
      if (first !== undefined) leads.push((onsetMs - first) / minute);
    }
  }
  leads.sort((a, b) => a - b);
  return {
    events,
    alerted: leads.length,
    medianLead: leads[leads.length >> 1],
    falsePerNight: falseAlerts / nights,
    nights,
  };
}

const atNight = (timeMs) => timeMs % (1440 * minute) < 360 * minute;

function lowWithin(timeMs, value, from, threshold) {
  for (let i = from; i < timeMs.length && timeMs[i] <= timeMs[from] + 40 * minute; i++) {
    if (value[i] < threshold) return true;
  }
  return false;
}

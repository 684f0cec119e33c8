/**
 * The same scores through the alert machine and the judging of the toolkit: thresholds chosen on the others for a number of
 * false alarms a night, an alert right from 20 minutes before an onset on, caught until 60 s after it.
 *
 * An alert that stands is a new one every 20 minutes, so that one left on counts for what it costs. Two ways to spend the
 * number: the whole of it, for the same false alarms of all; or as much as catches most. The reading of an onset tells a CGM
 * crossing for certain and at once, so thresholds that catch most wait for it, and warn less ahead.
 */
export const falsePerNight = 0.5;
export const spendings = { 'whole-budget': 'all of them spent', 'most-caught': 'as many spent as catch most' };

/**
 * @param others, own nights with `track`, `episodes`, `score`, `fresh`; of `own` also `truth`
 * @param spend one of `spendings`
 * @param library `chooseThresholds`, `alertsOf`
 * @returns the own nights as `compareAlerts` takes them
 */
export function machineNights(others, own, spend, { chooseThresholds, alertsOf }) {
  const { alerts } = chooseThresholds(others.map(scoredNight), {
    falsePerNight,
    spend,
    alerts: { renewSeconds: 1200 },
  });
  return own.map((night) => {
    const { track, episodes, score, fresh, truth } = night;
    const { id, subject, startMs, stepMs, ticks, judgedFrom } = track;
    return {
      id,
      subject,
      startMs: startMs + judgedFrom * stepMs,
      endMs: startMs + ticks * stepMs,
      episodes,
      changes: alertsOf(score, fresh, startMs, stepMs, alerts),
      trace: { startMs, stepMs, score, fresh, truth },
    };
  });
}

const scoredNight = ({ track: { startMs, stepMs, judgedFrom }, episodes, score, fresh }) => ({
  score,
  fresh,
  startMs,
  stepMs,
  judgedFrom,
  episodes,
});

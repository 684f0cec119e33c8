/**
 * The same scores through the alert machine and the judging of the toolkit: thresholds chosen on the others for a number of
 * false alarms a night, an alert right from 20 minutes before an onset on, caught until 60 s after it.
 */
export const falsePerNight = 0.5;

/**
 * @param others, own nights with `track`, `episodes`, `score`, `fresh`; of `own` also `truth`
 * @param library `chooseThresholds`, `alertsOf`
 * @returns the own nights as `compareAlerts` takes them
 */
export function machineNights(others, own, { chooseThresholds, alertsOf }) {
  const { alerts } = chooseThresholds(others.map(scoredNight), { falsePerNight });
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

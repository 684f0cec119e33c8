/** What fusions over time catch on a few simulated nights: too few to compare by, enough to notice a change. */

/** @returns {Promise<Record<string, number>>} */
export async function measure({ compareNights }) {
  const { world, modes } = await compareNights({ nights: 60, seed: 1, jobs: 1 });
  const of = (mode, strategy) => {
    const { strategies } = modes.find((one) => one.mode === mode);
    return strategies.find(({ name }) => name === strategy).judgement.figures;
  };
  return {
    events: world.events,
    'slow, nowcast: AUROC': of('nowcast', 'slow').auroc.value,
    'slow, forecast: AUROC': of('forecast', 'slow').auroc.value,
    'late, forecast: AUROC': of('forecast', 'late').auroc.value,
    'early, forecast: AUROC': of('forecast', 'early').auroc.value,
    'hybrid, nowcast: AUROC': of('nowcast', 'hybrid').auroc.value,
    'hybrid, forecast: AUROC': of('forecast', 'hybrid').auroc.value,
    'hybrid, forecast: caught': of('forecast', 'hybrid').caught.value,
    'hybrid, forecast: false alarms a night': of('forecast', 'hybrid').falseAlarmsPerNight.value,
  };
}

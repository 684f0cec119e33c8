/** What the task `alerts` prints. */

/** Other tasks, on other people, with other events: no bars. */
export const context = `Published, and other tasks, so beside it and not against it:
  Cichosz 2014 (J Diabetes Sci Technol 8:731): 10 people, insulin-induced lows, CGM with heart rate variability from an ECG:
    16 of 16 events, none false, 22 minutes before the CGM alone
  Bertachi 2020 (Sensors 20:1705): 10 people, whether a low comes in the night, asked at bedtime: sensitivity .79, specificity .82
  Lehmann 2023 (Diabetes Care 46:993): 22 people, smartwatches without CGM, people apart: AUROC .76`;

const plus = (value, digits) => `${value < 0 ? '−' : '+'}${decimals(Math.abs(value), digits)}`;

function decimals(value, digits) {
  const text = Math.abs(value).toFixed(digits);
  const sign = value < 0 && Number(text) !== 0 ? '−' : '';
  return sign + (digits > 1 ? text.replace(/^0\./, '.') : text);
}

/** `.74 (.66 to .78)`; without an interval only the value. */
export function cell({ value, low, high }, digits = 2, written = decimals) {
  if (value === null) return 'none';
  const text = written(value, digits);
  return low === null || high === null ? text : `${text} (${written(low, digits)} to ${written(high, digits)})`;
}

export function plainWords({ asFiled, own }) {
  const of = ({ alerted, events, medianLead, falsePerNight, nights }) =>
    `${alerted} of ${events} nocturnal events alerted in the 40 minutes before onset, median lead ${medianLead} minutes, ` +
    `${decimals(falsePerNight, 2)} false alerts a night, ${nights} nights`;
  return [
    'A straight line through the last 15 minutes of CGM, alert where it reaches 70 mg/dL within 20 minutes (t1d-uom, 00:00 to 06:00)',
    `  files as they are (the figures of its README): ${of(asFiled)}`,
    `  without readings of another person in 2304:    ${of(own)}`,
  ].join('\n');
}

export const legend = `A claim says that a reading below 70 mg/dL comes within 40 minutes, and is made anew after 40 minutes; thresholds are chosen on the
others for as many false ones as the line makes there, or a half or a quarter of them. Shares are of events with a claim that
long before onset; median lead in minutes, events without a claim as 0; AUROC of moments without an episode, whether one
begins within 20 minutes, mean over people. Intervals (95 %) draw people.`;

export const strategyHead = [
  'strategy',
  'false of the line',
  'before onset',
  '10 minutes before',
  'less the line',
  'median lead',
  'less the line',
  'false a night',
  'AUROC',
];

export function strategyRows({ strategies }, shares, plain) {
  return Object.entries(strategies).flatMap(([name, byShare]) =>
    byShare.map((figures, at) => [
      name,
      byShare.length === 1 ? '' : `× ${shares[at]}`,
      cell(figures.before),
      cell(figures.tenAhead),
      name === plain || byShare.length === 1 ? '' : cell(figures.tenAhead.less, 2, plus),
      cell(figures.medianLead, 1),
      name === plain || byShare.length === 1 ? '' : cell(figures.medianLead.less, 1, plus),
      cell(figures.falsePerNight),
      cell(figures.auroc, 3),
    ]),
  );
}

/** The reading that is an onset is known at once: an alert at it is caught, though not before. */
export const machineHead = [
  'strategy',
  'caught',
  'less slow',
  'before onset',
  'less slow',
  'standing',
  'median lead',
  'false a night',
  'less slow',
  'AUROC by person',
];

export function machineRows({ strategies, differences }) {
  return strategies.map(({ strategy, figures }) => {
    const less = differences.find(({ a, b }) => a === strategy && b === 'slow');
    const lessSlow = (name) => (less ? cell(less.figures[name], 2, plus) : '');
    return [
      strategy,
      cell(figures.caught),
      lessSlow('caught'),
      cell(figures.caughtBefore),
      lessSlow('caughtBefore'),
      cell(figures.standing),
      cell(figures.leadMinutesMedian, 1),
      cell(figures.falseAlarmsPerNight),
      lessSlow('falseAlarmsPerNight'),
      cell(figures.aurocByPerson, 3),
    ];
  });
}

export function heartRows({ heartRate: { events, auroc, medianBpm } }) {
  if (auroc.value === null) return 'Heart rate alone: no event with a heart rate';
  return (
    `Heart rate alone, its level in the half hour after onset against nights without a low: AUROC ${cell(auroc)}, ` +
    `median ${plus(medianBpm, 1)} beats a minute, ${events} events`
  );
}

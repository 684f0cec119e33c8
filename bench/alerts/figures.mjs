/** What leave-one-out results come to, with intervals that draw people with all their nights. */

/** Of a strategy at one share of the false claims. */
const measures = {
  /** Share of events with a claim by the reading of onset, before it, and ten minutes before it. */
  byOnset: { of: (rows) => share(rows, (lead) => lead >= 0) },
  before: { of: (rows) => share(rows, (lead) => lead > 0) },
  tenAhead: { of: (rows) => share(rows, (lead) => lead >= 10) },
  /** Minutes, of all events; those without a claim count as 0. */
  medianLead: { of: (rows) => median(rows.flatMap(({ leads }) => leads.map((lead) => lead ?? 0))) },
  falsePerNight: { of: (rows) => ratio(total(rows, 'falseClaims'), total(rows, 'nights')) },
  /** Mean over people with events. */
  auroc: { of: (rows) => mean(rows.flatMap(({ auroc }) => (auroc === null ? [] : [auroc]))) },
};
export const measureNames = Object.keys(measures);

/**
 * @param results of `leaveOneOut`
 * @param baseline name of the strategy that others are compared with, on the same draws
 * @param draw as `interval` takes it
 * @returns by strategy and share: `{ value, low, high }` for each measure, and of the differences
 */
export function figuresOf(results, baseline, draw) {
  return Object.fromEntries(
    Object.entries(results).map(([name, rows]) => [
      name,
      rows[0].byShare.map((_, at) => {
        const own = rowsAt(rows, at);
        const base = rowsAt(results[baseline], at);
        return Object.fromEntries(
          measureNames.map((measure) => {
            const { of } = measures[measure];
            const less = interval((a, b) => of(a) - of(b), draw, own, base);
            return [measure, { ...interval(of, draw, own), less }];
          }),
        );
      }),
    ]),
  );
}

const rowsAt = (rows, at) => rows.map(({ byShare, ...person }) => ({ ...person, ...byShare[at] }));

/**
 * A figure of people, and percentiles of it over draws of them; null where nothing, or less than half of the draws, defines it.
 *
 * @param draw `{ bootstrap, seed, resamples }`
 * @param samples rows by person; the same people are drawn of each
 */
export function interval(of, { bootstrap, seed = 0, resamples = 2000 }, ...samples) {
  const drawn = (people) => of(...samples.map((rows) => Array.from(people, (person) => rows[person])));
  const finite = (value) => (Number.isFinite(value) ? value : undefined);
  const labels = new Int32Array(samples[0].length); // one class: people are drawn from all
  const told = bootstrap((people) => finite(drawn(people)), { labels, seed, resamples });
  const value = finite(drawn(labels.map((_, person) => person))) ?? null;
  const enough = told !== null && 2 * told.resamples >= resamples;
  return { value, low: enough ? told.low : null, high: enough ? told.high : null };
}

function share(rows, holds) {
  let events = 0;
  let told = 0;
  for (const { leads } of rows) {
    for (const lead of leads) {
      events++;
      told += lead !== null && holds(lead) ? 1 : 0;
    }
  }
  return ratio(told, events);
}

const total = (rows, name) => rows.reduce((sum, row) => sum + row[name], 0);
const ratio = (a, b) => (b > 0 ? a / b : Number.NaN);
const mean = (values) =>
  ratio(
    values.reduce((sum, value) => sum + value, 0),
    values.length,
  );

function median(values) {
  if (values.length === 0) return Number.NaN;
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

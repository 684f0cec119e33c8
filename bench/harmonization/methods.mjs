/**
 * Ways to harmonize, each from training patients to the table of every slice of any patient: of 256 grey levels to values, by
 * modality. Separate ways look at one modality at a time; joint ones at both.
 */
export function methodsOf({ jointHarmonize, histogramMatch, nyul }) {
  const fitted = async (estimator, patients) => estimator.fit(patients, undefined, { seed: 0 });
  const joint = (options) => async (train) => {
    const learned = await fitted(jointHarmonize(options), train.map(alignedOf));
    return async (patient) => {
      const maps = learned.mapsOf(alignedOf(patient));
      return maps.map(([ct, mr]) => ({ ct: tableOf(ct), mr: tableOf(mr) }));
    };
  };
  const byPatient = (make) => async (train) => {
    const learned = {};
    for (const kind of ['ct', 'mr'])
      learned[kind] = await fitted(
        make(),
        train.map((patient) => stackOf(patient, kind)),
      );
    return async (patient) => {
      const [ct, mr] = ['ct', 'mr'].map((kind) => tableOf(learned[kind].mapsOf(stackOf(patient, kind))[0]));
      return patient.slices.map(() => ({ ct, mr }));
    };
  };
  return {
    'as read':
      async () =>
      async ({ slices }) =>
        slices.map(() => ({ ct: levels, mr: levels })),
    'z-score, slice':
      async () =>
      async ({ slices }) =>
        slices.map((slice) => zTables([slice])),
    'z-score, patient':
      async () =>
      async ({ slices }) =>
        slices.map(() => zTables(slices)),
    'histogram match, patient': byPatient(histogramMatch),
    'Nyul, patient': byPatient(nyul),
    'joint, composition free': joint({ composition: false }),
    joint: joint({}),
  };
}

const levels = Float64Array.from({ length: 256 }, (_, level) => level);

const alignedOf = ({ slices }) => ({ scans: slices.map(({ ct, mr }) => ({ values: [ct, mr] })) });

/** All slices of a patient as one scan, whose head (CT above 5) counts. */
function stackOf({ slices }, kind) {
  const size = slices[0].ct.length;
  const data = new Uint8Array(slices.length * size);
  const mask = new Uint8Array(slices.length * size);
  slices.forEach((slice, s) => {
    data.set(slice[kind], s * size);
    mask.set(
      slice.ct.map((value) => (value > 5 ? 1 : 0)),
      s * size,
    );
  });
  return { data, mask };
}

/** By mean and standard deviation of the head. */
function zTables(slices) {
  return Object.fromEntries(
    ['ct', 'mr'].map((kind) => {
      let [n, first, second] = [0, 0, 0];
      for (const { counts } of slices) {
        counts[kind].head.forEach((count, level) => {
          n += count;
          first += count * level;
          second += count * level * level;
        });
      }
      const mean = first / n;
      const sd = Math.sqrt(second / n - mean * mean);
      return [kind, levels.map((level) => (level - mean) / sd)];
    }),
  );
}

/** An intensity map at every grey level. */
function tableOf(map) {
  if (map.kind !== 'knots') throw new Error(`harmonization: no table of a map of kind ${map.kind}`);
  const { from, to, beyond } = map;
  const last = from.length - 1;
  return levels.map((level) => {
    if (beyond === 'hold' && level <= from[0]) return to[0];
    if (beyond === 'hold' && level >= from[last]) return to[last];
    let k = 1;
    while (k < last && level > from[k]) k++;
    return to[k - 1] + ((to[k] - to[k - 1]) / (from[k] - from[k - 1])) * (level - from[k - 1]);
  });
}

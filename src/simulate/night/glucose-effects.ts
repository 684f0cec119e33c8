/**
 * The sizes by which a simulated night's glucose and CGM are made, each with its source, fixed before any fusion was tried.
 * "Assumed" means that no figure was found. "By the real nights" means: no figure was found either, and it was set by hand, in
 * some ten trials, so that simulated CGM nights resemble those of 29 people in `t1d-uom` and `hupa-ucm` (1,447 nights, 300
 * events that begin in 22:00-07:00): events a night, how fast glucose falls before them, how low and how long, and how far it
 * moves in an hour.
 */

/** Of the model in people without diabetes: Dalla Man, Rizza, Cobelli 2007 (IEEE TBME 54:1740), Table I. */
export const NORMAL_SUBJECT = {
  weightKg: 78,
  vg: 1.88,
  k1: 0.065,
  k2: 0.079,
  vi: 0.05,
  m1: 0.19,
  m2: 0.484,
  m4: 0.194,
  /** `m30 = m1 * h / (1 - h)`, h the share that the liver removes. */
  hepaticShare: 0.6,
  kmax: 0.0558,
  kmin: 0.008,
  kabs: 0.057,
  f: 0.9,
  b: 0.82,
  d: 0.01,
  kp2: 0.0021,
  kp3: 0.009,
  ki: 0.0079,
  fcns: 1,
  vmx: 0.047,
  km0: 225.59,
  p2u: 0.0331,
  ke1: 0.0005,
  ke2: 339,
  /** Insulin under the skin: Dalla Man, Raimondo, Rizza, Cobelli 2007 (J Diabetes Sci Technol 1:323). */
  kd: 0.0164,
  ka1: 0.0018,
  ka2: 0.0182,
  /** Of no consequence to blood: a delay of 10 min (assumed). */
  ksc: 0.1,
} as const;

/**
 * People with type 1 diabetes differ log-normally, as in Kovatchev 2009 (J Diabetes Sci Technol 3:44), who do not print the
 * spread: standard deviations of the logarithm below are assumed. A test compares basal rate, carbohydrate ratio and
 * correction factor with those of the ten adults of an open re-implementation.
 */
export const PEOPLE = {
  weight: 0.17,
  volumes: 0.08,
  insulinVolume: 0.18,
  /** k1, k2, kp2, m1. */
  exchange: 0.2,
  /** kmax, kmin, kabs. */
  stomach: 0.25,
  /** vmx and kp3: what they share, and each alone. */
  sensitivityShared: 0.28,
  sensitivityOwn: 0.18,
  /** p2u, ki. */
  actionRate: 0.25,
  /** ka1, ka2, kd. */
  absorption: 0.18,
  /** Fasting glucose, mg/dL, at which the basal rate holds (assumed: within the range aimed at before meals, ADA 80-130). */
  basalGlucose: { median: 122, log: 0.09 },
  /** Insulin at the basal rate, pmol/L (assumed: then basal is about 1.1 U/h, half of a usual 0.6 U/kg a day). */
  basalInsulin: { median: 60, log: 0.2 },
  /** Production at the basal rate, mg/kg/min: 1.92 in Dalla Man 2007, more in type 1 diabetes (Kovatchev 2009); 2.3 assumed. */
  basalProduction: { median: 2.3, log: 0.1 },
  /** Who falls outside is drawn anew (assumed: what clinics see). */
  basalUnitsPerHour: [0.3, 2.5],
  carbRatio: [4, 30],
  correctionFactor: [12, 110],
} as const;

export const EVENING = {
  /**
   * Logarithm of the basal rate people have set over the rate that would hold their basal glucose, on average. By the real
   * nights: .26 events a night on the average over people (95 % interval .20 to .33); simulated .27 to .31 in blood and .28 to
   * .34 by CGM. Lower, it would leave glucose higher than real.
   */
  basalLogMean: -0.4,
  /** Between people, and from night to night (assumed). */
  misfitLogPerson: 0.12,
  misfitLogNight: 0.12,
  /**
   * How strongly insulin acts, from night to night. Heise 2004 (Diabetes 53:1614): within-subject coefficient of variation of
   * the effect of a basal insulin 27 % (detemir) to 48 % (glargine); 15 % for a pump and rapid insulin (assumed).
   */
  sensitivityLogNight: 0.15,
  /** Glucose at 16:00, mg/dL: median and log-sd (by the real nights). */
  afternoon: { median: 140, log: 0.3 },
  /** Hours, local. */
  dinnerHours: [18, 20],
  dinnerGrams: { median: 65, log: 0.4 },
  /** Bolus against the start of the meal, minutes (assumed). */
  bolusMinutes: [-10, 10],
  /**
   * Counted over true carbohydrate, its logarithm. Brazeau 2013 (Diabetes Res Clin Pract 99:19): mean absolute error 20.9 % of
   * the meal, 63 % of meals underestimated.
   */
  countLogMean: -0.086,
  countLogSd: 0.26,
  /** Dinners without a bolus (assumed; Burdick 2004, Pediatrics 113:e221, more than two a week in a third of young people). */
  missedBolus: 0.04,
  /** A snack in the evening: chance by person (by the real nights), hours, grams, chance of a bolus for it (assumed). */
  snackChance: [0.2, 0.8],
  snackHours: [20.5, 23],
  snackGrams: { median: 20, log: 0.4 },
  snackBolus: 0.6,
  /** A snack that was paid for with insulin and then not eaten (assumed). */
  missedSnack: 0.06,
  bedHours: [22.25, 24.25],
  /**
   * At bedtime above this (by the real nights) a correction to `target`, by chance of the person; half of them forget insulin on
   * board (assumed).
   */
  correctAboveMgPerDl: 160,
  targetMgPerDl: 120,
  correctionChance: [0.2, 0.8],
  stackingShare: 0.5,
  /** At bedtime below this something to eat (assumed). */
  eatBelowMgPerDl: 90,
  eatChance: 0.6,
  eatGrams: [10, 20],
} as const;

export const PHYSIOLOGY = {
  /** Chance of exercise in the afternoon by person, and when it ends, hours (assumed). */
  exerciseChance: [0.1, 0.5],
  exerciseHours: [17, 19],
  /**
   * Insulin acts more strongly afterwards: at once, fading within hours, and again 7 to 11 hours later. McMahon 2007 (J Clin
   * Endocrinol Metab 92:963): glucose needed rose in these two phases. The size, as a factor, is assumed.
   */
  exerciseGain: { median: 0.25, log: 0.4 },
  exerciseFadeHours: 2,
  exerciseAgainHours: 9,
  exerciseAgainSdHours: 1.5,
  /**
   * Dawn. Perriello 1991 (Diabetologia 34:21; 114 people with type 1 diabetes): insulin needed was least at 02:40 and most at
   * 06:40, 19.4 % more at 05:00-07:00 than at 01:00-03:00; it was there in 101 of 114. Spread over people assumed.
   */
  dawnShare: 0.886,
  dawn: { median: 0.21, log: 0.4 },
  dawnHours: [26.67, 30.67],
  /**
   * What else moves glucose, mg/kg/min (fat and protein, movement, hormones, the catheter): standard deviation, log-normal over
   * nights, and how long it lasts, minutes. By the real nights.
   */
  restless: { median: 1.4, log: 0.4 },
  restlessMinutes: 40,
  /**
   * Answer of production to a low glucose, mg/kg/min for each mg/dL below the threshold. Glucagon does not answer in type 1
   * diabetes and adrenaline less than it should (Cryer 2013, N Engl J Med 369:362). Size and spread are assumed.
   */
  counterBelowMgPerDl: 68,
  counter: { median: 0.02, log: 0.7 },
  /**
   * Something sweet against a low, 15 to 20 g (ADA Standards of Care: 15-20 g). Chance a minute that the low is noticed: awake;
   * asleep below 70 and below 54, these two times a factor of the person. By the real nights.
   */
  rescueGrams: [15, 20],
  noticedAwake: 1 / 12,
  noticedAsleep: 1 / 90,
  noticedAsleepDeep: 1 / 35,
  noticedLog: 0.8,
} as const;

export const CGM = {
  everySeconds: 300,
  /**
   * Interstitium behind blood, minutes, by person. Basu 2013 (Diabetes 62:4083): 5.3 to 6.2 min; with the sensor's own delay
   * (Keenan 2009, J Diabetes Sci Technol 3:1207) 5 to 10.
   */
  lagMinutes: [5, 10],
  /**
   * Noise: autoregressive, .7 from one quarter of an hour to the next, of a Johnson SU shape (Breton, Kovatchev 2008, J Diabetes
   * Sci Technol 2:853). That was a sensor of 2008: `noiseShare` of it now, so that MARD is about 9 % (Dexcom G6 7.7-10.3 %).
   */
  noise: { carry: 0.7, carryMinutes: 15, xi: -5.471, lambda: 15.96, gamma: -0.5444, delta: 1.6898 },
  noiseShare: 0.4,
  /** Gain of a sensor, which is worn for ten nights, and what it drifts in one night (assumed, for the same MARD). */
  gainLogSd: 0.1,
  nightsWorn: 10,
  driftLogSd: 0.03,
  /**
   * Compression. Share of readings at night: 3 % (Baysal 2014, J Diabetes Sci Technol 8:1091), about .36 a night of 9 hours.
   * Median (5th to 95th percentile) of duration 45 (30-70) min and of depth 24 (10-48) mg/dL; the course is that of a
   * first-order system to a rectangle (Facchinetti 2016, Diabetes Technol Ther 18:264). Its time constant is assumed.
   */
  compressionPerHour: 0.04,
  compressionMinutes: { median: 45, log: 0.26 },
  compressionMgPerDl: { median: 24, log: 0.47 },
  compressionLagMinutes: 8,
  /** Only in bed: hours, local (assumed). */
  compressionHours: [23, 31],
  /** Missing readings. Facchinetti 2016: about 90 % of gaps shorter than 20 min. How often is assumed. */
  gapPerHour: 0.04,
  gapMeanMinutes: 8.7,
  low: 40,
  high: 400,
} as const;

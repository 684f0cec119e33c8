/** A virtual adult with type 1 diabetes: the model's parameters, the treatment that fits them, and habits. */
import { deriveSeed, type Random, random } from '../../array/random.ts';
import { CGM, EVENING, NORMAL_SUBJECT, PEOPLE, PHYSIOLOGY } from './glucose-effects.ts';
import { pmolPerUnit, type S2008, s2008Basal } from './s2008.ts';
import { type Treatment, treatmentFor } from './treatment.ts';

export interface Person {
  readonly index: number;
  readonly parameters: S2008;
  /** Fasting glucose at which nothing changes on the basal rate. */
  readonly basalGlucoseMgPerDl: number;
  readonly treatment: Treatment;
  readonly habits: Habits;
}

/** What of evenings and nights is the person's own. Chances are shares; `misfitLog` is of the insulin over what would hold. */
export interface Habits {
  readonly misfitLog: number;
  readonly snackChance: number;
  readonly correctionChance: number;
  readonly exerciseChance: number;
  /** More insulin needed at its height, as a share; 0: none. */
  readonly dawn: number;
  /** Answer of production to a low, mg/kg/min for each mg/dL. */
  readonly counter: number;
  /** Factor on the chance to notice a low asleep. */
  readonly noticing: number;
  readonly cgmLagMinutes: number;
}

/** Person `index` of the world of `seed`; the same one whatever was drawn before. */
export function drawPerson(seed: number, index: number): Person {
  const habits = drawHabits(random(deriveSeed(seed, 'habits', index)));
  for (let attempt = 0; ; attempt++) {
    const draw = random(deriveSeed(seed, 'person', index, attempt));
    const basalGlucoseMgPerDl = logNormal(draw, PEOPLE.basalGlucose);
    const parameters = drawParameters(draw, basalGlucoseMgPerDl);
    const basal = (s2008Basal(parameters) * parameters.weightKg * 60) / pmolPerUnit;
    if (!within(basal, PEOPLE.basalUnitsPerHour)) continue;
    const treatment = treatmentFor(parameters, basalGlucoseMgPerDl);
    if (!within(treatment.carbRatio, PEOPLE.carbRatio)) continue;
    if (!within(treatment.correctionFactor, PEOPLE.correctionFactor)) continue;
    return { index, parameters, basalGlucoseMgPerDl, treatment, habits };
  }
}

function drawParameters(draw: Random, glucose: number): S2008 {
  const n = NORMAL_SUBJECT;
  const about = (median: number, log: number) => logNormal(draw, { median, log });
  const ib = logNormal(draw, PEOPLE.basalInsulin);
  const production = logNormal(draw, PEOPLE.basalProduction);
  const sensitivity = Math.exp(PEOPLE.sensitivityShared * draw.normal());
  const vg = about(n.vg, PEOPLE.volumes);
  const k1 = about(n.k1, PEOPLE.exchange);
  const k2 = about(n.k2, PEOPLE.exchange);
  const kp2 = about(n.kp2, PEOPLE.exchange);
  const kp3 = about(n.kp3 * sensitivity, PEOPLE.sensitivityOwn);
  const m1 = about(n.m1, PEOPLE.exchange);
  const plasma = glucose * vg;
  const tissue = (n.fcns - production + k1 * plasma) / k2;
  return {
    weightKg: about(n.weightKg, PEOPLE.weight),
    kmax: about(n.kmax, PEOPLE.stomach),
    kmin: about(n.kmin, PEOPLE.stomach),
    kabs: about(n.kabs, PEOPLE.stomach),
    b: n.b,
    d: n.d,
    f: n.f,
    vg,
    k1,
    k2,
    kp1: production + kp2 * plasma + kp3 * ib,
    kp2,
    kp3,
    ki: about(n.ki, PEOPLE.actionRate),
    fcns: n.fcns,
    // what tissue takes is what production leaves: so nothing changes at the basal rate
    vm0: ((production - n.fcns) * (n.km0 + tissue)) / tissue,
    vmx: about(n.vmx * sensitivity, PEOPLE.sensitivityOwn),
    km0: n.km0,
    p2u: about(n.p2u, PEOPLE.actionRate),
    ke1: n.ke1,
    ke2: n.ke2,
    vi: about(n.vi, PEOPLE.insulinVolume),
    ib,
    m1,
    m2: n.m2,
    m30: (m1 * n.hepaticShare) / (1 - n.hepaticShare),
    m4: n.m4,
    ka1: about(n.ka1, PEOPLE.absorption),
    ka2: about(n.ka2, PEOPLE.absorption),
    kd: about(n.kd, PEOPLE.absorption),
    ksc: n.ksc,
  };
}

function drawHabits(draw: Random): Habits {
  return {
    misfitLog: EVENING.misfitLogPerson * draw.normal(),
    snackChance: between(draw, EVENING.snackChance),
    correctionChance: between(draw, EVENING.correctionChance),
    exerciseChance: between(draw, PHYSIOLOGY.exerciseChance),
    dawn: draw.uniform() < PHYSIOLOGY.dawnShare ? logNormal(draw, PHYSIOLOGY.dawn) : 0,
    counter: logNormal(draw, PHYSIOLOGY.counter),
    noticing: Math.exp(PHYSIOLOGY.noticedLog * draw.normal()),
    cgmLagMinutes: between(draw, CGM.lagMinutes),
  };
}

export function logNormal(draw: Random, { median, log }: { readonly median: number; readonly log: number }): number {
  return median * Math.exp(log * draw.normal());
}

export function between(draw: Random, [low, high]: readonly [number, number]): number {
  return low + (high - low) * draw.uniform();
}

function within(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}

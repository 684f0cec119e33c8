/**
 * The UVA/Padova model of glucose in type 1 diabetes, in the form of 2008: thirteen amounts that flow into each other. After
 * Dalla Man, Rizza, Cobelli 2007 (IEEE TBME 54:1740), equations 1-4 (glucose), 3 (insulin), 10 (production), 13 (meal),
 * 14-17 (utilization), 27 (kidneys), with subcutaneous insulin after Dalla Man, Raimondo, Rizza, Cobelli 2007 (J Diabetes Sci
 * Technol 1:323) and no secretion (Kovatchev et al. 2009, J Diabetes Sci Technol 3:44). Own code from the equations.
 *
 * It has no glucagon, no exercise and no circadian course: the caller brings them as a factor on insulin's action and an
 * addition to plasma glucose.
 */

/** Rates are per minute, amounts of glucose mg/kg and of insulin pmol/kg of body weight; `b`, `d`, `f` are shares. */
export interface S2008 {
  readonly weightKg: number;
  /** Stomach and gut: emptying at most and at least, shares of the meal at which it turns, absorption, share that arrives. */
  readonly kmax: number;
  readonly kmin: number;
  readonly b: number;
  readonly d: number;
  readonly kabs: number;
  readonly f: number;
  /** Glucose: volume dL/kg, exchange of plasma and tissue. */
  readonly vg: number;
  readonly k1: number;
  readonly k2: number;
  /** Production, mg/kg/min: at nothing; less by plasma glucose; less by delayed insulin (per pmol/L), and its delay. */
  readonly kp1: number;
  readonly kp2: number;
  readonly kp3: number;
  readonly ki: number;
  /** Utilization: without insulin mg/kg/min; by tissue, at basal insulin and more by its action; half saturation mg/kg. */
  readonly fcns: number;
  readonly vm0: number;
  readonly vmx: number;
  readonly km0: number;
  readonly p2u: number;
  /** Kidneys, above `ke2` mg/kg. */
  readonly ke1: number;
  readonly ke2: number;
  /** Insulin: volume L/kg, basal concentration pmol/L, exchange of plasma and liver, what each removes. */
  readonly vi: number;
  readonly ib: number;
  readonly m1: number;
  readonly m2: number;
  readonly m30: number;
  readonly m4: number;
  /** Insulin under the skin: into plasma from the first and second depot, and from first to second. */
  readonly ka1: number;
  readonly ka2: number;
  readonly kd: number;
  /** Glucose under the skin follows plasma at this rate. */
  readonly ksc: number;
}

/** Where each amount stands in a state: `Float64Array` of 13. */
export const s2008At = {
  stomachSolid: 0,
  stomachLiquid: 1,
  gut: 2,
  plasmaGlucose: 3,
  tissueGlucose: 4,
  plasmaInsulin: 5,
  action: 6,
  insulinDelayed: 7,
  insulinOnLiver: 8,
  liverInsulin: 9,
  depot1: 10,
  depot2: 11,
  skinGlucose: 12,
} as const;
export const s2008Size = 13;

/** What acts over one step; the caller keeps one and changes it. */
export interface S2008Input {
  /** Eaten, mg/min. */
  carbsMgPerMin: number;
  /** What the meal under way has brought: in the stomach when it began, and eaten since, mg. Sets the turns of emptying. */
  mealMg: number;
  insulinPmolPerKgMin: number;
  /**
   * Factor on what insulin does, basal insulin included: utilization at basal insulin is taken as `vmx` times `ib` of insulin's
   * making and the rest of `vm0` not. 1: the equations as published.
   */
  sensitivity: number;
  /** Glucose that appears besides, mg/kg/min; below 0: disappears. The model's own is 0. */
  besides: number;
}

export const pmolPerUnit = 6000;

/** One step of `minutes` by the classical Runge-Kutta of order 4, in place; `work` is of `s2008Work()`. */
export function s2008Step(p: S2008, state: Float64Array, input: S2008Input, minutes: number, work: S2008Work): void {
  const { slope, sum, at } = work;
  s2008Slope(p, state, input, sum);
  for (let i = 0; i < s2008Size; i++) at[i] = state[i] + 0.5 * minutes * sum[i];
  s2008Slope(p, at, input, slope);
  for (let i = 0; i < s2008Size; i++) {
    sum[i] += 2 * slope[i];
    at[i] = state[i] + 0.5 * minutes * slope[i];
  }
  s2008Slope(p, at, input, slope);
  for (let i = 0; i < s2008Size; i++) {
    sum[i] += 2 * slope[i];
    at[i] = state[i] + minutes * slope[i];
  }
  s2008Slope(p, at, input, slope);
  for (let i = 0; i < s2008Size; i++) state[i] += (minutes / 6) * (sum[i] + slope[i]);
}

export interface S2008Work {
  readonly slope: Float64Array; // [13]
  readonly sum: Float64Array; // [13]
  readonly at: Float64Array; // [13]
}

export function s2008Work(): S2008Work {
  return {
    slope: new Float64Array(s2008Size),
    sum: new Float64Array(s2008Size),
    at: new Float64Array(s2008Size),
  };
}

/** Change a minute of every amount. */
export function s2008Slope(p: S2008, x: Float64Array, input: S2008Input, out: Float64Array): void {
  const solid = x[0];
  const liquid = x[1];
  const gut = x[2];
  const glucose = x[3];
  const tissue = x[4];
  const insulin = x[5];
  const action = x[6];
  const delayed = x[7];
  const onLiver = x[8];
  const liver = x[9];
  const depot1 = x[10];
  const depot2 = x[11];
  const skin = x[12];
  const emptying = gastricEmptying(p, solid + liquid, input.mealMg);
  out[0] = input.carbsMgPerMin - p.kmax * solid;
  out[1] = p.kmax * solid - emptying * liquid;
  out[2] = emptying * liquid - p.kabs * gut;
  const appearing = (p.f * p.kabs * gut) / p.weightKg;
  const produced = p.kp1 - p.kp2 * glucose - p.kp3 * input.sensitivity * onLiver;
  const excreted = glucose > p.ke2 ? p.ke1 * (glucose - p.ke2) : 0;
  const taken = ((p.vm0 + p.vmx * (input.sensitivity * (action + p.ib) - p.ib)) * tissue) / (p.km0 + tissue);
  const gained = Math.max(0, produced) + appearing + input.besides;
  out[3] = gained - p.fcns - excreted - p.k1 * glucose + p.k2 * tissue;
  out[4] = p.k1 * glucose - p.k2 * tissue - taken;
  out[5] = p.m1 * liver + p.ka1 * depot1 + p.ka2 * depot2 - (p.m2 + p.m4) * insulin;
  const concentration = insulin / p.vi;
  out[6] = p.p2u * (concentration - p.ib - action);
  out[7] = p.ki * (concentration - delayed);
  out[8] = p.ki * (delayed - onLiver);
  out[9] = p.m2 * insulin - (p.m1 + p.m30) * liver;
  out[10] = input.insulinPmolPerKgMin - (p.ka1 + p.kd) * depot1;
  out[11] = p.kd * depot1 - p.ka2 * depot2;
  out[12] = p.ksc * (glucose - skin);
}

/** Fast while the stomach is full, slow in between, fast again when it is nearly empty (eq 13). */
function gastricEmptying(p: S2008, inStomachMg: number, mealMg: number): number {
  if (!(mealMg > 0)) return p.kmax;
  const rise = 2.5 / ((1 - p.b) * mealMg);
  const fall = 2.5 / (p.d * mealMg);
  const turn = Math.tanh(rise * (inStomachMg - p.b * mealMg)) - Math.tanh(fall * (inStomachMg - p.d * mealMg));
  return p.kmin + 0.5 * (p.kmax - p.kmin) * (turn + 2);
}

/** The state in which nothing changes on basal insulin: `glucoseMgPerDl` in plasma, `p.ib` pmol/L of insulin, an empty gut. */
export function s2008Steady(p: S2008, glucoseMgPerDl: number): Float64Array {
  const state = new Float64Array(s2008Size);
  const plasma = glucoseMgPerDl * p.vg;
  const insulin = p.ib * p.vi;
  const produced = p.kp1 - p.kp2 * plasma - p.kp3 * p.ib;
  const depot1 = s2008Basal(p) / (p.ka1 + p.kd);
  state[3] = plasma;
  state[4] = (p.fcns - produced + p.k1 * plasma) / p.k2;
  state[5] = insulin;
  state[7] = p.ib;
  state[8] = p.ib;
  state[9] = (p.m2 * insulin) / (p.m1 + p.m30);
  state[10] = depot1;
  state[11] = (p.kd * depot1) / p.ka2;
  state[12] = plasma;
  return state;
}

/** Insulin that holds `p.ib`, pmol/kg/min. */
export function s2008Basal(p: S2008): number {
  return p.ib * p.vi * (p.m2 + p.m4 - (p.m1 * p.m2) / (p.m1 + p.m30));
}

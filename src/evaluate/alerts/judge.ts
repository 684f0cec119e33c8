/**
 * What a strategy's alerts were worth, over nights of many people. Figures are shares and rates of all nights together;
 * intervals draw people with all their nights.
 */
import { InputError } from '../../errors.ts';
import type { CalibrationCount } from '../../score/calibration.ts';
import { type Found, written } from './found.ts';
import { judgedNight, type NightJudgement } from './judge-night.ts';
import { type Latency, latencySummary } from './latency.ts';
import type { AlertNight } from './night.ts';
import { type Figure, overDraws, type PeopleDraws, peopleDraws, type Replicates } from './people-draws.ts';
import { type RatioName, ratioNames, ratios } from './ratios.ts';
import { reliabilityColumns, reliabilityCurve } from './reliability.ts';
import { type RetractionCurve, retractionCurve, type Verdicts, verdictsOf } from './retraction-curve.ts';
import { type JudgingRules, judgingRules } from './rules.ts';
import { sumOver } from './score-bins.ts';
import { chosenSums, rowsOf, type ScoreName, type ScoreSums, scoreFigures, scoreSums } from './score-figures.ts';
import { momentsOf } from './score-moments.ts';
import { addNight, at, type Counted, counted } from './tally.ts';
import { type TimingName, timings } from './timings.ts';

export type AlertFigureName = RatioName | TimingName | ScoreName;
export type AlertFigures = Readonly<Record<AlertFigureName, Figure>>;

/** Plain JSON. */
export interface AlertJudgement {
  readonly people: number;
  readonly nights: number;
  /** Judged. */
  readonly events: number;
  /** On when a night began, or begun before the machine had run for as long as the lead: not judged. */
  readonly alreadyOn: number;
  readonly notWatched: number;
  /** Alerts so late that whether they were right is not known. */
  readonly undecided: number;
  /** Moments before the first word of the score, and moments judged. */
  readonly unscored: number;
  readonly moments: number;
  readonly figures: AlertFigures;
  /** Probabilities against what happened; without moments empty. */
  readonly reliability: readonly CalibrationCount[];
  readonly retraction: RetractionCurve;
}

export interface WholeJudgement extends AlertJudgement {
  readonly rules: JudgingRules;
  readonly latency: Latency | null;
  /** The same of each group of people apart. */
  readonly groups: Readonly<Record<string, AlertJudgement>>;
}

export interface JudgeNightsOptions extends Partial<JudgingRules> {
  /** From arrival to decision, milliseconds; what the sensor was late by is not in it. */
  readonly latencyMs?: ArrayLike<number>;
}

/** @throws InputError for an unknown option, and nights that cannot be judged */
export function judgeNights(
  nights: readonly AlertNight[],
  { latencyMs, ...options }: JudgeNightsOptions = {},
): WholeJudgement {
  return judgedParts(nights, judgingRules('judgeNights', options), latencyMs).judgement;
}

export type AllFound = Readonly<Record<AlertFigureName, Found>>;

export interface JudgedPart {
  readonly judgement: AlertJudgement;
  readonly found: AllFound;
  readonly draws: PeopleDraws;
}

/** Everyone, and each group. */
export interface JudgedParts {
  readonly judgement: WholeJudgement;
  readonly everyone: JudgedPart;
  readonly groups: ReadonlyMap<string, JudgedPart>;
}

export function judgedParts(
  given: readonly AlertNight[],
  rules: JudgingRules,
  latencyMs?: ArrayLike<number>,
): JudgedParts {
  const everything = sumsOf(given, rules);
  const { subjects, groupOf } = everything;
  const everyone = judgedPart(
    everything,
    Int32Array.from(subjects, (_, p) => p),
    rules,
  );
  const names = [...new Set(groupOf)].filter((name) => name !== undefined).sort();
  const groups = new Map(
    names.map((name) => {
      const chosen = Int32Array.from(subjects.keys()).filter((p) => groupOf[p] === name);
      return [name, judgedPart(everything, chosen, rules)];
    }),
  );
  const judgement: WholeJudgement = {
    ...everyone.judgement,
    rules,
    latency: latencyMs ? latencySummary(latencyMs) : null,
    groups: Object.fromEntries(names.map((name) => [name, (groups.get(name) as JudgedPart).judgement])),
  };
  return { judgement, everyone, groups };
}

/** Everything that is counted, by person. */
interface Everything {
  readonly subjects: readonly string[];
  readonly groupOf: readonly (string | undefined)[]; // [people]
  readonly nights: readonly NightJudgement[];
  readonly person: Int32Array; // [nights]
  readonly tally: Float64Array; // [people, counted]
  readonly score: ScoreSums;
  readonly unscored: Int32Array; // [people]
  readonly verdicts: readonly Verdicts[]; // [nights]
}

/** Nights and people are put in order first, so that the order in which they come decides nothing. */
function sumsOf(given: readonly AlertNight[], rules: JudgingRules): Everything {
  checkNights(given);
  const nights = [...given].sort((a, b) => ordered(a.subject, b.subject) || ordered(a.id, b.id));
  const subjects = [...new Set(nights.map(({ subject }) => subject))];
  const indexOf = new Map(subjects.map((subject, p) => [subject, p]));
  const person = Int32Array.from(nights, ({ subject }) => indexOf.get(subject) as number);
  const groupOf = subjects.map((): string | undefined => undefined);
  nights.forEach(({ group }, i) => {
    groupOf[person[i]] = group;
  });
  const judged = nights.map((night) => judgedNight(night, rules));
  const tally = new Float64Array(subjects.length * counted.length); // [people, counted]
  judged.forEach((night, i) => {
    addNight(tally, person[i], night);
  });
  const moments = momentsOf(nights, person, subjects.length, rules.scoreEverySeconds);
  return {
    subjects,
    groupOf,
    nights: judged,
    person,
    tally,
    score: scoreSums(moments, subjects.length),
    unscored: moments.unscored,
    verdicts: nights.map((night, i) => verdictsOf(night, judged[i], rules.leadSeconds * 1000)),
  };
}

function judgedPart(all: Everything, people: Int32Array, rules: JudgingRules): JudgedPart {
  const place = new Int32Array(all.subjects.length).fill(-1); // of each person among those chosen
  people.forEach((p, i) => {
    place[p] = i;
  });
  const chosen = [...all.nights.keys()].filter((i) => place[all.person[i]] >= 0);
  const nights = chosen.map((i) => all.nights[i]);
  const person = Int32Array.from(chosen, (i) => place[all.person[i]]);
  const draws = peopleDraws(people.length, rules.seed, rules.resamples);
  const tally = rowsOf(all.tally, counted.length, people);
  const score = chosenSums(all.score, people);
  const found: AllFound = {
    ...ratioFigures(tally, draws),
    ...timings(nights, person, draws),
    ...scoreFigures(score, draws),
  };
  const total = sumOver(tally, counted.length, people.length);
  const judgement: AlertJudgement = {
    people: people.length,
    nights: nights.length,
    events: total[at.events],
    alreadyOn: nights.reduce((sum, night) => sum + night.alreadyOn, 0),
    notWatched: nights.reduce((sum, night) => sum + night.notWatched, 0),
    undecided: total[at.undecided],
    unscored: people.reduce((sum, p) => sum + all.unscored[p], 0),
    moments: found.brier.of,
    figures: writtenFigures(found, draws, rules.level),
    reliability: reliabilityCurve(sumOver(score.reliability, reliabilityColumns, people.length)),
    retraction: retractionCurve(
      chosen.map((i) => all.verdicts[i]),
      person,
      draws,
      rules.level,
    ),
  };
  return { judgement, found, draws };
}

function writtenFigures(found: AllFound, draws: PeopleDraws, level: number): AlertFigures {
  const names = Object.keys(found) as AlertFigureName[];
  return Object.fromEntries(names.map((name) => [name, written(found[name], draws, level)])) as unknown as AlertFigures;
}

function ratioFigures(sums: Float64Array, draws: PeopleDraws): Record<RatioName, Found> {
  const total = sumOver(sums, counted.length, draws.people);
  const replicates = ratioReplicates(sums, draws);
  const figures = ratioNames.map((name, i): [RatioName, Found] => {
    const { among, why } = ratios[name];
    return [name, { value: ratio(total, name), of: sumOf(total, among), why, replicates: replicates[i] }];
  });
  return Object.fromEntries(figures) as Record<RatioName, Found>;
}

function ratioReplicates(sums: Float64Array, draws: PeopleDraws): Replicates[] {
  const out = ratioNames.map(() => new Float64Array(draws.resamples));
  overDraws(sums, counted.length, draws, (total, b) => {
    for (let i = 0; i < out.length; i++) out[i][b] = ratio(total, ratioNames[i]);
  });
  return out;
}

function ratio(total: Float64Array, name: RatioName): number {
  return total[at[ratios[name].of]] / sumOf(total, ratios[name].among);
}

function sumOf(total: Float64Array, names: readonly Counted[]): number {
  let sum = 0;
  for (const name of names) sum += total[at[name]];
  return sum;
}

function ordered(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function checkNights(nights: readonly AlertNight[]): void {
  const groupOf = new Map<string, string | undefined>();
  const ids = new Set<string>();
  for (const { id, subject, group } of nights) {
    if (ids.has(id)) throw new InputError({ where: `night "${id}"`, what: 'twice', expected: 'an id of its own' });
    ids.add(id);
    if (groupOf.has(subject) && groupOf.get(subject) !== group) {
      throw new InputError({
        where: `night "${id}": group`,
        what: `subject "${subject}" is in two groups`,
        expected: String(groupOf.get(subject)),
        got: String(group),
      });
    }
    groupOf.set(subject, group);
  }
}

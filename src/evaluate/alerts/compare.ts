/** Several strategies on the same nights of the same people. */
import { InputError } from '../../errors.ts';
import { subtracted, written } from './found.ts';
import { type AlertFigureName, type JudgedPart, type JudgedParts, judgedParts, type WholeJudgement } from './judge.ts';
import type { AlertNight } from './night.ts';
import type { Figure } from './people-draws.ts';
import { type JudgingRules, judgingRules } from './rules.ts';

export interface JudgedStrategy {
  readonly name: string;
  readonly nights: readonly AlertNight[];
  readonly latencyMs?: ArrayLike<number>;
}

export interface CompareAlertsOptions extends Partial<JudgingRules> {
  /** Of which strategies to tell the difference, the first minus the second. Default: each other one minus the first. */
  readonly pairs?: readonly (readonly [string, string])[];
}

/** `a` minus `b`: of shares and rates. An interval that holds 0 cannot tell them apart. */
export interface AlertDifference {
  readonly a: string;
  readonly b: string;
  /** Null: everyone. */
  readonly group: string | null;
  readonly people: number;
  readonly figures: Readonly<Record<AlertFigureName, Figure>>;
}

export interface AlertComparison {
  readonly rules: JudgingRules;
  readonly strategies: readonly { readonly name: string; readonly judgement: WholeJudgement }[];
  readonly differences: readonly AlertDifference[];
}

/**
 * Differences are paired: both strategies see the same draws of people. `of` of a difference is the smaller of both.
 *
 * @throws InputError where strategies were not judged on the same nights, or a pair names none of them
 */
export function compareAlerts(
  strategies: readonly JudgedStrategy[],
  { pairs, ...options }: CompareAlertsOptions = {},
): AlertComparison {
  const rules = judgingRules('compareAlerts', options);
  checkSame(strategies);
  const names = strategies.map(({ name }) => name);
  const wanted = pairs ?? names.slice(1).map((name) => [name, names[0]] as const);
  for (const name of wanted.flat()) {
    if (names.includes(name)) continue;
    throw new InputError({
      where: 'compareAlerts: pairs',
      what: 'unknown strategy',
      expected: names.join(', '),
      got: name,
    });
  }
  const parts = new Map(strategies.map(({ name, nights, latencyMs }) => [name, judgedParts(nights, rules, latencyMs)]));
  const of = (name: string) => parts.get(name) as JudgedParts;
  return {
    rules,
    strategies: names.map((name) => ({ name, judgement: of(name).judgement })),
    differences: wanted.flatMap(([a, b]) => [
      differenceOf(a, b, null, of(a).everyone, of(b).everyone, rules.level),
      ...[...of(a).groups].map(([group, part]) =>
        differenceOf(a, b, group, part, of(b).groups.get(group) as JudgedPart, rules.level),
      ),
    ]),
  };
}

function differenceOf(
  a: string,
  b: string,
  group: string | null,
  { found, draws }: JudgedPart,
  other: JudgedPart,
  level: number,
): AlertDifference {
  const names = Object.keys(found) as AlertFigureName[];
  const figures = names.map((name) => [name, written(subtracted(found[name], other.found[name]), draws, level)]);
  return { a, b, group, people: draws.people, figures: Object.fromEntries(figures) };
}

function checkSame(strategies: readonly JudgedStrategy[]): void {
  const where = 'compareAlerts: strategies';
  const names = strategies.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new InputError({ where, what: 'a name twice', expected: 'one each', got: twice });
  const [first, ...rest] = strategies.map(({ name, nights }) => ({ name, judged: new Map(nights.map(keyed)) }));
  for (const { name, judged } of rest) {
    const odd =
      [...judged.keys()].find((id) => first.judged.get(id) !== judged.get(id)) ??
      [...first.judged.keys()].find((id) => !judged.has(id));
    if (odd === undefined) continue;
    throw new InputError({
      where,
      what: `"${name}" and "${first.name}" were not judged on the same nights`,
      expected: 'the same ids, subjects, groups, times and episodes',
      got: `night "${odd}"`,
    });
  }
}

/** What two strategies must share of a night. */
function keyed({ id, subject, group, startMs, endMs, episodes }: AlertNight): [string, string] {
  const known = episodes.map(({ onsetMs, endMs: over }) => [onsetMs, over]);
  return [id, JSON.stringify([subject, group, startMs, endMs, known])];
}

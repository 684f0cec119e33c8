/** Invented figures of trust, survival and independence, in the shapes that `compare` returns. Numbers mean nothing. */
import type { Random } from '../../src/array/random.ts';
import type {
  Agreement,
  CalibrationBin,
  CoverageCell,
  Independence,
  Interval,
  RiskGroup,
  StrategyResult,
} from '../../src/evaluate/comparison.ts';
import type { PairIndependence } from '../../src/evaluate/independence.ts';

export type Kind = 'classes' | 'survival' | 'value';

interface Shape {
  readonly draw: Random;
  readonly kind: Kind;
  readonly classes: number;
  readonly subjects: number;
  readonly patterns: readonly { readonly present: readonly string[]; readonly n: number }[];
  readonly undefinedFigures: boolean;
}

type Trust = Pick<StrategyResult, 'reliability' | 'decisionCurve' | 'conformal' | 'abstention' | 'survivalByRisk'>;

export function trust({ draw, kind, classes, subjects, patterns, undefinedFigures }: Shape): Trust {
  const two = kind === 'classes' && classes === 2;
  if (undefinedFigures) return { reliability: { slope: null, intercept: null, error: null } };
  const sloped = two || kind !== 'classes';
  const around = (estimate: number, half: number): Interval => ({
    estimate,
    low: estimate - half,
    high: estimate + half,
  });
  return {
    reliability: {
      slope: sloped ? around(0.4 + 1.6 * draw.uniform(), 0.3) : null,
      intercept: two || kind === 'value' ? around(draw.normal(), 0.8) : null,
      error: kind === 'value' ? null : 0.2 * draw.uniform(),
    },
    ...(two && {
      decisionCurve: Array.from({ length: 19 }, (_, t) => {
        const threshold = (t + 1) / 20;
        const all = 0.35 - (0.65 * threshold) / (1 - threshold);
        return { threshold, all, model: Math.max(all, 0.3 * (1 - threshold) ** 2) - 0.02 * draw.uniform() };
      }),
    }),
    ...(kind !== 'survival' && {
      conformal: {
        level: 0.9,
        cells: [{ present: null, n: subjects }, ...patterns].map(({ present, n }, at) =>
          coverageCell(draw, kind, present, n, at),
        ),
      },
    }),
    ...(kind === 'classes' && {
      abstention: {
        area: 0.1,
        curve: Array.from({ length: 20 }, (_, k) => ({ answered: (k + 1) / 20, errorRate: (0.3 * (k + 1)) / 20 })),
      },
    }),
    ...(kind === 'survival' && { survivalByRisk: riskGroups(draw, subjects) }),
  };
}

function coverageCell(
  draw: Random,
  kind: Kind,
  present: readonly string[] | null,
  n: number,
  at: number,
): CoverageCell {
  const estimate = 0.8 + 0.2 * draw.uniform();
  const wide = kind === 'value' && at === 3; // too few to learn a bound from
  return {
    present,
    n,
    coverage: { estimate, low: Math.max(0, estimate - 0.1), high: Math.min(1, estimate + 0.1) },
    meanSize: wide ? null : kind === 'value' ? 51.234 : 1 + draw.uniform(),
    infinite: wide ? n : 0,
  };
}

/** Five-year curves of exponential survival, everyone leaving at a steady rate. */
export function riskGroups(draw: Random, subjects: number): RiskGroup[] {
  return (['low', 'middle', 'high'] as const).map((name, g) => {
    const n = Math.max(1, Math.floor(subjects / 3));
    const hazard = (0.1 + 0.2 * g + 0.02 * draw.uniform()) / 365;
    const curve = Array.from({ length: n }, (_, i) => {
      const timeDays = (1825 * (i + 1)) / n;
      const survival = Math.exp(-hazard * timeDays);
      return { timeDays, atRisk: n - i, survival, low: survival * 0.9, high: Math.min(1, survival * 1.1) };
    });
    return { name, n, events: Math.floor(n / 2), curve };
  });
}

/** Fifths of risk, or tenths of a value about 50. */
export function groupedCalibration(draw: Random, kind: 'survival' | 'value', subjects: number): CalibrationBin[] {
  const many = kind === 'survival' ? 5 : 10;
  return Array.from({ length: many }, (_, at) => {
    const scale = (share: number) => (kind === 'survival' ? share : 20 + 60 * share);
    return {
      low: scale(at / many),
      high: scale((at + 1) / many),
      meanPredicted: scale((at + 0.5) / many),
      observed: scale(Math.min(1, Math.max(0, (at + 0.5) / many + 0.05 * draw.normal()))),
      n: Math.max(1, Math.floor(subjects / many)),
    };
  });
}

export function agreement(modalities: readonly string[]): Agreement {
  const accuracy = { n: 200, correct: 150, accuracy: { estimate: 0.75, low: 0.64, high: 0.83 } };
  return {
    unanimous: accuracy,
    divided: { n: 0, correct: 0, accuracy: null },
    contradictions: pairsIn(modalities).map((pair, at) => ({
      pair,
      n: 80,
      differ: at * 7,
      bothSure: at,
      right: [at, 0, 0],
    })),
  };
}

export function independence(kind: Kind, modalities: readonly string[]): Independence {
  if (kind === 'survival')
    return { strategy: 'late:mean', pairs: [], words: ['Independence was not tested: invented.'] };
  const pairs = pairsIn(modalities).map((pair, at): PairIndependence => {
    if (at === 2) {
      return {
        pair,
        found: { experts: 'not-tested', evidence: 'not-tested' },
        experts: null,
        partial: null,
        evidence: null,
      };
    }
    const p = at % 2 ? 0.4 : 0.001;
    const correlation = { value: 0.5, low: at % 2 ? -0.1 : 0.3, high: 0.7, p, n: 60, folds: 5 };
    return {
      pair,
      found: { experts: at % 2 ? 'none-seen' : 'redundant', evidence: at % 2 ? 'shared' : 'interplay' },
      experts: { ...correlation, pHolm: p },
      partial: null,
      evidence: { distanceCorrelation: 0.3, p, pHolm: p, pDiffersHolm: p, n: 60, folds: 5 },
    };
  });
  return { strategy: 'late:mean', pairs, words: pairs.map(({ pair }) => `${pair.join(' and ')}: invented.`) };
}

function pairsIn(names: readonly string[]): (readonly [string, string])[] {
  return names.flatMap((a, at) => names.slice(at + 1).map((b) => [a, b] as const));
}

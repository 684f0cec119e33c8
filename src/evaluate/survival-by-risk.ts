import { kaplanMeier } from '../score/kaplan-meier.ts';
import type { RiskGroup } from './comparison.ts';
import { parted } from './curves.ts';
import type { FoldPart } from './estimates.ts';

const names = ['low', 'middle', 'high'] as const;

/**
 * Kaplan-Meier curves of test subjects by thirds of predicted risk. Risks of different folds do not share a scale, so the
 * thirds are of each fold; every subject may stand in the parts once (give the folds of one repeat).
 */
export function survivalByRisk(parts: readonly FoldPart[]): RiskGroup[] {
  const thirds: { timeDays: number; event: number }[][] = names.map(() => []);
  for (const { said, truth } of parts) {
    if (truth.kind !== 'survival') return [];
    const width = said.shape[1];
    const subjects = Array.from(truth.timeDays, (timeDays, i) => ({
      timeDays,
      event: truth.event[i],
      risk: said.data[i * width],
    }));
    const groups = parted(subjects, names.length, ({ risk }) => risk);
    groups.forEach((own, g) => {
      thirds[g].push(...own);
    });
  }
  return names.flatMap((name, g) => {
    const own = thirds[g];
    if (own.length === 0) return [];
    const curve = kaplanMeier({
      timeDays: Float64Array.from(own, ({ timeDays }) => timeDays),
      event: Uint8Array.from(own, ({ event }) => event),
    });
    return {
      name,
      n: own.length,
      events: own.reduce((sum, { event }) => sum + event, 0),
      curve: Array.from(curve.timesDays, (timeDays, at) => ({
        timeDays,
        atRisk: curve.atRisk[at],
        survival: curve.survival[at],
        low: curve.low[at],
        high: curve.high[at],
      })),
    };
  });
}

/** A comparison over nights for a terminal. */
import type { ModeComparison } from '../../evaluate/nights/compare.ts';
import type { StrategyOverTime } from '../../fuse/hybrid/strategies.ts';
import { count, difference, share } from '../../score/written.ts';
import type { NightsComparison } from '../../study/nights/compare-nights.node.ts';
import { capitalized } from '../words.ts';
import { caughtSentence, differenceBetween, modeLabel, strategyLabel, withRange } from './words.ts';

export function renderNightsText(comparison: NightsComparison): string {
  const { world, options, modes, worth } = comparison;
  const lines = [
    `${count(world.nights)} simulated nights of ${world.people} people, ${count(world.events)} events; every person is judged by what others taught`,
    `thresholds: at most ${options.falsePerNight} false alarms a night on the people learned from; intervals: 95 %, by person`,
  ];
  for (const mode of modes) lines.push('', modeLabel[mode.mode], ...tableOf(mode), '', ...sentencesOf(mode));
  if (worth.length > 0) {
    lines.push('', 'Worth of the fast sensors: events caught, hybrid minus the same filter without them');
    for (const { heartRateEffect, mode, difference: of } of worth) {
      lines.push(`  effect ${heartRateEffect}, ${mode}: ${withRange(of.figures.caught, difference)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function sentencesOf(mode: ModeComparison): string[] {
  const slow = differenceBetween(mode, 'hybrid', 'slow');
  const filter = differenceBetween(mode, 'hybrid', 'filter');
  const told = [
    ...(slow ? [caughtSentence('hybrid fusion', 'the slow sensor alone', slow.figures.caught)] : []),
    ...(filter ? [caughtSentence('hybrid fusion', 'the same filter without fast sensors', filter.figures.caught)] : []),
  ];
  return told.map(capitalized);
}

function tableOf({ strategies }: ModeComparison): string[] {
  const head = ['strategy', 'caught', 'in 60 s after onset', 'late', 'false a night', 'PPV confirmed', 'AUROC'];
  const rows = strategies.map(({ name, judgement: { figures } }) => [
    strategyLabel[name as StrategyOverTime],
    withRange(figures.caught),
    share(figures.caughtWithinGrace.value),
    share(figures.late.value),
    withRange(figures.falseAlarmsPerNight, rate),
    share(figures.confirmedPpv.value),
    share(figures.auroc.value),
  ]);
  const widths = head.map((text, at) => Math.max(text.length, ...rows.map((row) => row[at].length)));
  return [head, ...rows].map((row) =>
    row.map((text, at) => (at === 0 ? text.padEnd(widths[0]) : text.padStart(widths[at]))).join('  '),
  );
}

/** A number of times a night. */
export function rate(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(2);
}

/** A report of `distortion` in words, a line a finding. */
import type { BeforeAfter, Distortion, DistortionReport } from './distortion-report.ts';

/** A tissue that follows another's share as closely as this is told. */
const close = 0.5;

export function distortionWords({ subjects, sites }: DistortionReport): string[] {
  const lines = subjects.flatMap((subject) => wordsOf(subject.name, subject));
  const ofSites = sites.map(
    ({ site, subjects: many, mutualInformation, rankCorrelation, copulaDistance }) =>
      `site ${site} (${many}): ${generally(mutualInformation, rankCorrelation, copulaDistance)}`,
  );
  return [...lines, ...ofSites];
}

function wordsOf(
  name: string,
  { mutualInformation, rankCorrelation, copulaDistance, composition }: Distortion,
): string[] {
  const lost = mutualInformation.p > 0.05 ? '; no more than of unrelated images' : '';
  const first = `${name}: ${generally(mutualInformation, rankCorrelation, copulaDistance)}${lost}`;
  const follows = composition
    .filter(({ after }) => Math.abs(after.r) >= close)
    .map(({ modality, tissue, shareOf, before, after }) => {
      const interval = `${two(after.low)} to ${two(after.high)}`;
      const was = `r ${two(after.r)}, 95 % ${interval}, p ${after.p.toFixed(3)}, over ${after.scans} scans; before ${two(before.r)}`;
      return `${name}: modality ${modality}: ${tissue} follows the share of ${shareOf} (${was})`;
    });
  return [first, ...follows];
}

function generally(information: BeforeAfter, ranks: BeforeAfter, copula: number): string {
  const parts = [
    `mutual information ${two(information.before)} to ${two(information.after)} nats`,
    `rank correlation ${two(ranks.before)} to ${two(ranks.after)}`,
    `copula moved by ${two(copula)} of the way to no relation`,
  ];
  return parts.join(', ');
}

const two = (value: number) => value.toFixed(2);

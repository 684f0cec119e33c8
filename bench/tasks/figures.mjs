/**
 * `figures [NAME...] [--slow] [--update NAME]`: recomputes what has landed in bench/figures.json and compares. Without
 * names: all studies and measures but those marked slow. What needs data that are not here is skipped, and the skip told.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { differenceAgainst } from '../against.mjs';
import { table } from '../table.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const path = join(root, 'bench/figures.json');

/**
 * @typedef {{ strategy: string, metric: string, value: number | null, tolerance: number, independent?: number,
 *   published?: number, note?: string, against?: string, of?: string }} Figure `metric` is one of results.json, or
 *   `difference`: from the best single modality, or the strategy that `against` names, in the metric of the study, or that
 *   which `of` names; `value` null: to be filled in by --update
 * @typedef {{ study: string, needs?: 'shared', slow?: boolean, verdict?: string, figures: Figure[] }} Study
 * @typedef {{ figure: string, value: number | null, tolerance: number, independent?: number, published?: number,
 *   note?: string }} MeasureFigure one of those that `measure` of bench/measures/NAME.mjs tells
 * @typedef {{ needs?: 'shared', slow?: boolean, figures: MeasureFigure[] }} Measure
 * @typedef {{ version: number, studies: Record<string, Study>, measures: Record<string, Measure> }} Figures
 */

export async function run(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { slow: { type: 'boolean' }, update: { type: 'string', multiple: true } },
  });
  const figures = JSON.parse(readFileSync(path, 'utf8'));
  const updated = values.update ?? [];
  const named = [...new Set([...positionals, ...updated])];
  const known = [...Object.keys(figures.studies), ...Object.keys(figures.measures)];
  for (const name of named) {
    if (known.includes(name)) continue;
    process.stderr.write(`figures: unknown name "${name}"; one of ${known.join(', ')}\n`);
    return 2;
  }
  process.env.CONSILIENCE_SHARED = resolve(root, process.env.CONSILIENCE_SHARED ?? '../shared');
  let differences = 0;
  for (const [kind, { now, compare, renewed }] of Object.entries(kinds)) {
    for (const [name, landed] of Object.entries(figures[kind])) {
      if (named.length > 0 && !named.includes(name)) continue;
      const reason =
        named.length === 0 && landed.slow && !values.slow ? 'slow; asked for by name or --slow' : lacks(landed);
      if (reason) {
        process.stdout.write(`${name}: skipped, ${reason}\n\n`);
        continue;
      }
      const started = performance.now();
      const found = await now(landed, name);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const rows = compare(landed, found);
      const apart = rows.filter(({ within }) => !within).length;
      if (updated.includes(name)) figures[kind][name] = renewed(landed, found);
      else differences += apart;
      process.stdout.write(`${render(rows)}\n${name}: ${rows.length} figures, ${apart} differ (${seconds} s)\n\n`);
    }
  }
  if (updated.length > 0) {
    writeFileSync(path, stringify(figures));
    const what = 'commit it alone, with its reason, and a line under Figures in CHANGELOG.md';
    process.stdout.write(`bench/figures.json is rewritten (${updated.join(', ')}): ${what}\n`);
  }
  return differences > 0 ? 1 : 0;
}

/** How the figures of now are found, compared with those that landed, and put in their place. */
const kinds = {
  studies: {
    now: async ({ study }) => (await import('consilience')).compareStudy(join(root, study)),
    compare: compareFigures,
    renewed: withNewValues,
  },
  measures: {
    now: async (_, name) => {
      const { measure } = await import(`../measures/${name}.mjs`);
      return measure(await import('consilience'), process.env.CONSILIENCE_SHARED);
    },
    compare: compareMeasure,
    renewed: ({ figures, ...rest }, now) => ({
      ...rest,
      figures: figures.map((figure) => ({ ...figure, value: measuredNow(figure, now) })),
    }),
  },
};

/** @param {Study | Measure} landed */
function lacks({ needs }) {
  if (needs !== 'shared' || existsSync(join(process.env.CONSILIENCE_SHARED, 'data'))) return undefined;
  return 'its data are not here (CONSILIENCE_SHARED, by default ../shared)';
}

/**
 * Every landed figure beside what it is now; the verdict is the last row.
 *
 * @param {Study} study
 */
export function compareFigures({ figures, verdict }, compared) {
  const rows = figures.map((figure) => {
    const { value: now, interval } = figureNow(figure, compared);
    return { ...figure, now, interval, within: isWithin(figure, now) };
  });
  if (verdict === undefined) return rows;
  const { finding } = compared.comparison.verdict;
  return [...rows, { strategy: 'verdict', metric: '', value: verdict, now: finding, within: verdict === finding }];
}

function isWithin({ value, tolerance }, now) {
  return typeof value === 'number' && typeof now === 'number' && Math.abs(now - value) <= tolerance + 1e-9;
}

/**
 * Every landed figure of a measure beside what it is now.
 *
 * @param {Measure} measure
 * @param {Record<string, number>} measured
 */
export function compareMeasure({ figures }, measured) {
  return figures.map((landed) => {
    const { figure: strategy, ...figure } = landed;
    const now = measuredNow(landed, measured);
    return { strategy, metric: '', ...figure, now, within: isWithin(figure, now) };
  });
}

function measuredNow({ figure }, measured) {
  return figure in measured ? Number(measured[figure].toFixed(6)) : null;
}

/** Its value now, to six digits, and its interval; null where the strategy or the metric is not there. */
function figureNow({ strategy, metric, against, of }, compared) {
  const found =
    against === undefined
      ? resultNow({ strategy, metric }, compared.comparison)
      : differenceAgainst(compared, strategy, against, of);
  const value = found?.difference ?? found?.value ?? null;
  const interval = found?.low === undefined || found.low === null ? undefined : [found.low, found.high];
  return { value: value === null ? null : Number(value.toFixed(6)), interval };
}

function resultNow({ strategy, metric }, { strategies }) {
  const result = strategies.find(({ name }) => name === strategy);
  return metric === 'difference' ? result?.paired : result?.metrics[metric];
}

/** @returns {Study} the study with the figures and the verdict of now; nothing else changes */
export function withNewValues(study, compared) {
  return {
    ...study,
    ...(study.verdict !== undefined && { verdict: compared.comparison.verdict.finding }),
    figures: study.figures.map((figure) => ({ ...figure, value: figureNow(figure, compared).value })),
  };
}

function render(rows) {
  const number = (value) => (typeof value === 'number' ? value.toFixed(4) : (value ?? '–'));
  const cells = rows.map(({ strategy, metric, against, of, value, now, interval, within, ...elsewhere }) => [
    strategy,
    against === undefined ? metric : `${of === undefined ? metric : `${metric} of ${of}`} from ${against}`,
    number(value),
    number(now),
    interval ? interval.map(number).join(' to ') : '',
    within ? 'yes' : 'NO',
    wordsOf(elsewhere),
  ]);
  return table(['strategy', 'metric', 'landed', 'now', '95 % interval', 'within', 'elsewhere'], cells);
}

function wordsOf({ independent, published, note }) {
  return [independent ?? published ?? '', published === undefined ? '' : 'published', note ?? '']
    .filter(Boolean)
    .join(', ');
}

/** JSON with a line a figure, so that a change reads as one. */
export function stringify({ version, ...sections }) {
  const parts = Object.entries(sections).map(([kind, all]) => {
    const body = Object.entries(all).map(([name, { figures, ...rest }]) => {
      const fields = Object.entries(rest).map(
        ([key, value]) => `      ${JSON.stringify(key)}: ${JSON.stringify(value)},`,
      );
      const lines = figures.map((figure) => `        ${spaced(figure)}`);
      const list = `      "figures": [\n${lines.join(',\n')}\n      ]`;
      return `    ${JSON.stringify(name)}: {\n${[...fields, list].join('\n')}\n    }`;
    });
    return `  ${JSON.stringify(kind)}: {\n${body.join(',\n')}\n  }`;
  });
  return `{\n  "version": ${version},\n${parts.join(',\n')}\n}\n`;
}

function spaced(figure) {
  const parts = Object.entries(figure).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{ ${parts.join(', ')} }`;
}

/** A night, drawn as panels over one clock: the watched quantity, the fast sensors, a probability, and everyone's alerts. */
import * as Plot from '@observablehq/plot';
import type { NightPicture, Series } from '../../evaluate/nights/picture.ts';
import { type Stretch, stretches } from '../nights/stretches.ts';
import { type Canvas, draw } from './canvas.ts';

const width = 900;
const margins = { marginLeft: 92, marginRight: 12 };

interface Point {
  readonly at: Date;
  readonly value: number;
}

/** Panels from above to below; they share one axis of time, which stands below the last. */
export function nightCharts(canvas: Canvas, night: NightPicture): Element[] {
  const clock = clockOf(night);
  const panels = [watchedChart(canvas, night, clock)];
  for (const { name, unit, series } of night.fast) {
    const points = pointsOf(series, clock);
    panels.push(
      panel(canvas, clock, { label: `${name} over the night`, title: `${name}, ${unit}`, height: 74 }, [
        events(night, clock),
        Plot.line(points, { x: 'at', y: 'value', stroke: 'var(--single)', strokeWidth: 1 }),
      ]),
    );
  }
  panels.push(probabilityChart(canvas, night, clock), alertChart(canvas, night, clock));
  return panels;
}

interface Clock {
  /** A time as the local clock shows it, written as if it were UTC. */
  readonly at: (timeMs: number) => Date;
  readonly domain: readonly [Date, Date];
}

function clockOf({ startMs, endMs, utcOffsetMs }: NightPicture): Clock {
  const at = (timeMs: number) => new Date(timeMs + utcOffsetMs);
  return { at, domain: [at(startMs), at(endMs)] };
}

/** A gap of more than `gapMs` breaks the line. */
function pointsOf({ timeMs, value }: Series, { at, domain }: Clock, gapMs = 600_000): Point[] {
  const out: Point[] = [];
  for (const [i, time] of timeMs.entries()) {
    const when = at(time);
    if (when < domain[0] || when > domain[1]) continue;
    if (i > 0 && time - timeMs[i - 1] > gapMs) out.push({ at: when, value: Number.NaN });
    out.push({ at: when, value: value[i] });
  }
  return out;
}

interface Panel {
  readonly label: string;
  readonly title: string;
  readonly height: number;
  readonly y?: Plot.ScaleOptions;
  /** Whether the clock is written below. */
  readonly last?: boolean;
}

function panel(
  canvas: Canvas,
  { domain }: Clock,
  { label, title, height, y, last = false }: Panel,
  marks: Plot.Markish[],
): Element {
  return draw(canvas, label, {
    width,
    height: height + 8 + (last ? 18 : 0),
    ...margins,
    marginTop: 28,
    marginBottom: last ? 24 : 6,
    x: { type: 'utc', domain, axis: null, clamp: true },
    y: { ticks: 3, label: null, grid: false, tickSize: 3, ...y },
    marks: [
      Plot.text([title], { frameAnchor: 'top-left', dx: -margins.marginLeft, dy: -24, fill: 'var(--soft)' }),
      ...marks,
      ...(last ? [Plot.axisX({ ticks: 'hour', tickFormat: '%H:%M', label: null, tickSize: 3 })] : []),
    ],
  });
}

/** Where the event truly was, behind everything. */
function events({ episodes }: NightPicture, { at }: Clock): Plot.Markish {
  return Plot.rectX(episodes, {
    x1: ({ onsetMs }) => at(onsetMs),
    x2: ({ endMs }) => at(endMs),
    fill: 'var(--bad)',
    fillOpacity: 0.14,
  });
}

function watchedChart(canvas: Canvas, night: NightPicture, clock: Clock): Element {
  const { watched, truth, readings } = night;
  return panel(
    canvas,
    clock,
    {
      label: `${watched.name} over the night`,
      title: `${watched.name}, ${watched.unit}${truth ? ': line true, dots as read' : ''}`,
      height: 190,
      y: { ticks: 5, nice: true },
    },
    [
      events(night, clock),
      Plot.ruleY([watched.threshold], { stroke: 'var(--bad)', strokeDasharray: '4 3' }),
      ...(truth ? [Plot.line(pointsOf(truth, clock), { x: 'at', y: 'value', stroke: 'var(--fusion)' })] : []),
      Plot.dot(pointsOf(readings, clock, Number.POSITIVE_INFINITY), {
        x: 'at',
        y: 'value',
        r: 1.8,
        fill: 'var(--ink)',
      }),
    ],
  );
}

function probabilityChart(canvas: Canvas, night: NightPicture, clock: Clock): Element {
  const [{ name, probability, raise }] = night.strategies;
  return panel(
    canvas,
    clock,
    {
      label: `probability that ${name} gives the event`,
      title: `${name}: probability; dashed: raises an alert`,
      height: 96,
      y: { domain: [0, 1], ticks: [0, 0.5, 1] },
    },
    [
      events(night, clock),
      Plot.areaY(pointsOf(probability, clock), { x: 'at', y: 'value', fill: 'var(--heat)', fillOpacity: 0.35 }),
      Plot.line(pointsOf(probability, clock), { x: 'at', y: 'value', stroke: 'var(--fusion)', strokeWidth: 1 }),
      Plot.ruleY([raise], { stroke: 'var(--ink)', strokeDasharray: '4 3' }),
    ],
  );
}

const look = {
  provisional: { fill: 'var(--caution)', fillOpacity: 0.85 },
  retracted: { fill: 'var(--caution)', fillOpacity: 0.3 },
  confirmed: { fill: 'var(--bad)', fillOpacity: 0.9 },
} as const;

function alertChart(canvas: Canvas, night: NightPicture, clock: Clock): Element {
  const lanes = night.strategies.map(({ name }) => name);
  const bars = night.strategies.flatMap(({ name, changes }) =>
    stretches(changes, night.endMs).map((bar) => ({ ...bar, lane: name })),
  );
  const crosses = bars.filter(({ state }) => state === 'retracted');
  return panel(
    canvas,
    clock,
    {
      label: 'alerts of every strategy over the night',
      title: 'alerts: thin provisional, thick confirmed, × taken back',
      height: 32 + 22 * lanes.length,
      y: { domain: lanes, type: 'band', ticks: lanes.length, padding: 0.25 },
      last: true,
    },
    [
      events(night, clock),
      ...[true, false].map((isConfirmed) =>
        Plot.barX(
          bars.filter(({ state }) => (state === 'confirmed') === isConfirmed),
          {
            x1: ({ fromMs }) => clock.at(fromMs),
            x2: ({ toMs }) => clock.at(toMs),
            y: 'lane',
            fill: ({ state }: Stretch) => look[state].fill,
            fillOpacity: ({ state }: Stretch) => look[state].fillOpacity,
            insetTop: isConfirmed ? 0 : 5,
            insetBottom: isConfirmed ? 0 : 5,
            insetLeft: isConfirmed ? 0.5 : -1,
            insetRight: isConfirmed ? 0.5 : -1,
          },
        ),
      ),
      Plot.dot(crosses, { x: ({ toMs }) => clock.at(toMs), y: 'lane', symbol: 'times', stroke: 'var(--ink)', r: 3 }),
    ],
  );
}

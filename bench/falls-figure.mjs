/** AUROC of strategies against how far a modality is broken at test, a panel for each way of breaking it, as an SVG of its own. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const colors = { early: '#6f6d67', 'late:mean': '#e69f00', intermediate: '#0072b2', 'no dropout': '#d55e00' };
const labels = { 'no dropout': 'no modality dropout' };
const ink = '#1c1c1a';
const soft = '#5c5a55';
const rule = '#dcdad4';
const panel = { width: 300, height: 240 };
const legendHeight = 30;

/**
 * @param {readonly object[]} results a kind of breaking, its amount, AUROCs with intervals, and perhaps `best`, the highest there can be
 * @param {readonly string[]} names of the strategies, in the order of the legend
 * @param {{ title: string, axes: Record<string, string>, columns: number }} texts `axes` by kind
 */
export function fallsFigure(results, names, { title, axes, columns }) {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const kinds = [...new Set(results.map(({ kind }) => kind))];
  const floor = Math.min(...results.flatMap((one) => one.strategies.map(({ auroc }) => auroc.low)));
  const domain = [Math.floor(20 * floor) / 20, 1];
  const panels = kinds.map((kind, at) => {
    const own = results.filter((one) => one.kind === kind);
    const chart = panelOf(document, own, domain, axes[kind]);
    chart.setAttribute('aria-hidden', 'true'); // the figure has one name
    chart.setAttribute('x', `${(at % columns) * panel.width}`);
    chart.setAttribute('y', `${legendHeight + Math.floor(at / columns) * panel.height}`);
    return chart.outerHTML;
  });
  const width = columns * panel.width;
  const height = legendHeight + Math.ceil(kinds.length / columns) * panel.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" role="img">
<title>${title}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${legend(results.some(isBounded) ? ['best of all scores', ...names] : names)}
${panels.join('\n')}
</svg>
`;
}

function panelOf(document, own, domain, label) {
  const amounts = own.map(({ amount }) => amount);
  const points = own.flatMap(({ amount, strategies }) =>
    strategies.map(({ name, auroc: { estimate, low, high } }) => ({ name, amount, estimate, low, high })),
  );
  const best = own.filter(isBounded);
  const chart = Plot.plot({
    document,
    figure: false,
    className: 'panel',
    ...panel,
    marginLeft: 40,
    marginRight: 14,
    marginTop: 12,
    marginBottom: 40,
    style: { color: ink },
    x: { domain: [0, Math.max(...amounts)], ticks: amounts, tickFormat: (d) => `${d}`, label: null, tickSize: 0 },
    y: { domain, ticks: 5, label: null, tickSize: 0 },
    marks: [
      Plot.gridY({ stroke: rule, strokeOpacity: 1, ticks: 5 }),
      Plot.text([label], { frameAnchor: 'bottom', dy: 34, fill: soft }),
      Plot.line(best, { x: 'amount', y: 'best', stroke: soft, strokeDasharray: '2 3' }),
      Plot.ruleX(points, { x: 'amount', y1: 'low', y2: 'high', stroke: (d) => colors[d.name], strokeOpacity: 0.5 }),
      Plot.line(points, { x: 'amount', y: 'estimate', z: 'name', stroke: (d) => colors[d.name], strokeWidth: 1.75 }),
      Plot.dot(points, { x: 'amount', y: 'estimate', r: 2.5, fill: (d) => colors[d.name] }),
    ],
  });
  for (const sheet of chart.querySelectorAll('style')) sheet.remove();
  return chart;
}

const isBounded = ({ best }) => typeof best === 'number';

function legend(entries) {
  let x = 8;
  const marks = entries.map((name) => {
    const text = labels[name] ?? name;
    const dashes = name in colors ? '' : ' stroke-dasharray="2 3"';
    const mark = `<line x1="${x}" x2="${x + 16}" y1="15" y2="15" stroke="${colors[name] ?? soft}" stroke-width="2"${dashes}/><text x="${x + 21}" y="19" fill="${ink}">${text}</text>`;
    x += 34 + 5.6 * text.length;
    return mark;
  });
  return marks.join('\n');
}

/**
 * The style sheet. Colours are of Okabe and Ito (2008), told apart under the common colour vision deficiencies; roles
 * differ in shape as well. Charts take every colour from these variables, so one SVG serves light, dark and paper.
 */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1c1c1a; --soft: #5c5a55; --rule: #dcdad4; --faint: #f5f4f0;
  --single: #6f6d67; --best: #d55e00; --fusion: #0072b2; --heat: #56b4e9; --event: #0072b2; --other: #a5cfe8;
  --good: #009e73; --bad: #d55e00; --caution: #e69f00; --band: #ecebe6; --plum: #b35d8d;
  --serif: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'URW Palladio L', Georgia, 'Noto Serif', serif;
  --sans: system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', 'Noto Sans', sans-serif;
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #17181a; --ink: #e9e7e1; --soft: #aaa79f; --rule: #3a3b3d; --faint: #202224;
    --single: #aaa79f; --best: #e69f00; --fusion: #56b4e9; --heat: #0072b2; --event: #56b4e9; --other: #2c5a78;
    --bad: #e58a4a; --band: #2a2c2f; --plum: #cc79a7;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
body { margin: 0; font: 1.0625rem/1.6 var(--serif); text-rendering: optimizeLegibility; }
.skip { position: absolute; left: -100vw; background: var(--paper); padding: .5rem 1rem; }
.skip:focus { left: 0; }
header, main, footer { max-width: 64rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 3.5rem; }
p, ul, ol { max-width: 42rem; margin: 0 0 1em; overflow-wrap: anywhere; }
a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--fusion); outline-offset: 3px; }
.eyebrow { font: 600 .8rem/1.4 var(--sans); letter-spacing: .06em; text-transform: uppercase; color: var(--soft); margin: 0 0 .6rem; }
h1 { font-size: clamp(1.7rem, 1.2rem + 2vw, 2.4rem); line-height: 1.2; font-weight: 500; margin: 0 0 1rem; max-width: 46rem; overflow-wrap: anywhere; text-wrap: balance; }
h2 { font-size: 1.5rem; line-height: 1.25; font-weight: 500; margin: 0 0 .8rem; text-wrap: balance; }
h3 { font: 600 .95rem/1.35 var(--sans); margin: 2rem 0 .5rem; }
section { padding-top: 2.8rem; }
.asked, .key { display: flex; flex-wrap: wrap; gap: .7rem 2.2rem; margin: 0; font: .9rem/1.4 var(--sans); font-variant-numeric: tabular-nums; }
.asked dt, .key dt { color: var(--soft); font-size: .8rem; }
.asked dd, .key dd { margin: 0; overflow-wrap: anywhere; }
nav { margin-top: 1.8rem; padding-top: .8rem; border-top: 1px solid var(--rule); font: .875rem/1.7 var(--sans); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0 1.4rem; margin: 0; padding: 0; max-width: none; }
.verdict { margin-top: 2.6rem; padding: .2rem 0 .2rem 1.6rem; border-left: 5px solid var(--soft); }
.verdict.helps { border-color: var(--good); }
.verdict.harms { border-color: var(--bad); }
.verdict .sentence { font-size: clamp(1.3rem, 1rem + 1.5vw, 1.85rem); line-height: 1.35; max-width: 48rem; margin-bottom: 1rem; font-weight: inherit; }
.verdict .sentence span { display: block; font-size: 1.0625rem; line-height: 1.6; margin-top: .8rem; max-width: 42rem; }
.verdict .key { margin: 1.3rem 0; font-size: 1rem; }
.research { font: 600 .875rem/1.5 var(--sans); margin: 0; }
.warnings { margin-top: 2.4rem; padding: 1rem 1.4rem; background: var(--faint); border-left: 5px solid var(--caution); font: .925rem/1.55 var(--sans); }
.warnings h2 { font: 600 .95rem/1.4 var(--sans); margin: 0 0 .4rem; }
.warnings ul { margin: 0; padding-left: 1.1rem; }
figure { margin: 1.6rem 0 1rem; }
figcaption { font: .875rem/1.5 var(--sans); color: var(--soft); max-width: 46rem; margin-top: .7rem; overflow-wrap: anywhere; }
figcaption b, figcaption strong { color: var(--ink); font-weight: 600; }
.plot { display: block; max-width: 100%; height: auto; overflow: visible; color: var(--ink); font: 12px var(--sans); font-variant-numeric: tabular-nums; --plot-background: var(--paper); }
.plot text, .plot tspan { white-space: pre; }
.pair { display: flex; align-items: flex-start; max-width: 920px; }
.pair > * { flex: 49 1 0; min-width: 0; }
.pair .beside { flex: 43 1 0; }
.pair .stacked { display: none; }
.scroll { overflow-x: auto; }
.wide .plot { max-width: none; }
.halves { display: flex; flex-wrap: wrap; gap: 1.2rem 1.6rem; }
.scans { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 1.2rem 1.6rem; }
.scans img { display: block; max-width: 100%; height: auto; background: #000; }
.scans .values { flex: 0 1 19rem; min-width: 0; }
.scans h4 { font: 600 .82rem/1.3 var(--sans); margin: 0 0 .4rem; }
.scans .plot + h4 { margin-top: 1.2rem; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: 1.4rem 1.2rem; }
.panels.large { grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); }
.panels h4 { font: 600 .82rem/1.3 var(--sans); margin: 0 0 .2rem; overflow-wrap: anywhere; }
.panels h4 { display: flex; flex-direction: column; }
.panels h4 span { font-weight: 400; color: var(--soft); white-space: nowrap; font-variant-numeric: tabular-nums; }
details { margin: 0 0 1.8rem; font-family: var(--sans); }
summary { cursor: pointer; font-size: .875rem; color: var(--soft); width: fit-content; text-decoration: underline; text-decoration-color: var(--rule); text-underline-offset: .2em; }
summary:hover { color: var(--ink); }
table { border-collapse: collapse; font: .84rem/1.4 var(--sans); font-variant-numeric: tabular-nums lining-nums; margin: .8rem 0 1.4rem; border-bottom: 1.5px solid var(--ink); }
caption { text-align: left; font-weight: 600; padding-bottom: .5rem; max-width: min(42rem, 100vw - 2.2rem); overflow-wrap: anywhere; }
thead th { border-top: 1.5px solid var(--ink); border-bottom: 1px solid var(--ink); vertical-align: bottom; }
th, td { padding: .3rem 1.1rem .3rem 0; text-align: right; font-weight: 400; vertical-align: baseline; white-space: nowrap; }
thead th { font-weight: 600; white-space: normal; }
thead th.figure { max-width: 6.5rem; overflow-wrap: break-word; }
th:last-child, td:last-child { padding-right: 0; }
tbody th, .text, thead th:first-child { text-align: left; }
tbody th, td.text { white-space: normal; min-width: 7rem; max-width: 40rem; overflow-wrap: break-word; }
tbody tr + tr > * { border-top: 1px solid var(--rule); }
.mark { display: inline-block; vertical-align: -.1em; margin: 0 .3rem; max-width: 100%; }
.lacking { display: block; white-space: nowrap; }
.range { display: block; color: var(--soft); font-size: .92em; }
.means { max-width: 42rem; margin: 0 0 1em; }
.means dt { font: 600 .875rem/1.4 var(--sans); margin-top: .8rem; }
.means dd { margin: .1rem 0 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 0 2rem; margin-top: 1rem; }
.cards article { border-top: 1.5px solid var(--ink); padding: .7rem 0 1.4rem; font: .875rem/1.45 var(--sans); }
.cards h3 { margin: 0 0 .4rem; overflow-wrap: anywhere; }
.cards dl { display: grid; grid-template-columns: 6.8rem 1fr; gap: .15rem .8rem; margin: 0; font-variant-numeric: tabular-nums; }
.cards dt { color: var(--soft); }
.cards dd { margin: 0; overflow-wrap: anywhere; }
pre, code { font: .875rem/1.5 var(--mono); }
pre { background: var(--faint); border: 1px solid var(--rule); padding: .8rem 1rem; overflow-x: auto; max-width: 46rem; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { padding-top: 3rem; padding-bottom: 4rem; font: .875rem/1.6 var(--sans); color: var(--soft); }
@media (max-width: 52rem) {
  .pair { display: block; }
  .pair .beside { display: none; }
  .pair .stacked { display: block; margin-top: 1.6rem; }
}
@media (max-width: 40rem) {
  header, main, footer { padding-left: 1.1rem; padding-right: 1.1rem; }
  header { padding-top: 2rem; }
  .verdict { padding-left: 1.1rem; }
  .panels { grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); }
  .panels.large { grid-template-columns: 1fr; }
}
@page { margin: 16mm 15mm; }
@media print {
  :root { color-scheme: light; }
  html { font-size: 10pt; }
  body { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  header, main, footer { max-width: none; padding: 0; }
  nav, .skip, summary { display: none; }
  h1 { font-size: 1.8rem; }
  .verdict { margin-top: 1.6rem; }
  .verdict .sentence { font-size: 1.4rem; }
  .verdict .key { margin: .8rem 0; }
  .warnings { margin-top: 1.4rem; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  h2, h3, h4, caption { break-after: avoid; }
  section { padding-top: 1.4rem; }
  figure { margin-top: .8rem; }
  figure > .chart, .panels > *, .halves > *, .verdict, .warnings, .cards article, tr, pre { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  .panels { grid-template-columns: repeat(4, 1fr); }
  .panels.large { grid-template-columns: repeat(2, 1fr); }
  .halves { gap: 1rem 1.4rem; }
  .wide .plot, .plot { max-width: 100%; max-height: 22cm; }
  .pair { display: flex; }
  .pair .beside { display: block; }
  .pair .stacked { display: none; }
  figcaption, tbody tr:first-child { break-before: avoid; }
  table { font-size: 8pt; }
  th, td { padding: .14rem .5rem .14rem 0; }
  tbody th, td.text { min-width: 4.5rem; }
  thead th.figure { max-width: 4rem; }
  .range { font-size: .88em; }
  a { text-decoration: none; }
}
`;

/**
 * `nights [--nights N] [--seed N] [--learned]`: simulated nights of people with type 1 diabetes, 1,100 by default so that 300
 * events are judged: what each fusion catches, by mode and by how the heart answers; what the watch is worth at 0, .5, 1 and 2
 * times the answer of the literature. Writes bench/results/nights.json, without pictures.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compareNights, renderNightsText } from 'consilience';
import { table } from '../table.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const effects = [0, 0.5, 1, 2];

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      nights: { type: 'string', default: '1100' },
      seed: { type: 'string', default: '1' },
      learned: { type: 'boolean', default: false },
    },
  });
  if (![values.nights, values.seed].every((text) => /^\d+$/.test(text))) {
    process.stderr.write(`nights: expected --nights N --seed N, got ${args.join(' ')}\n`);
    return 2;
  }
  const of = { nights: Number(values.nights), seed: Number(values.seed) };
  const started = performance.now();
  await compareNights(of);
  const seconds = (performance.now() - started) / 1000;
  const { pictures: _, ...found } = await compareNights({ ...of, learned: values.learned, worth: effects });
  const say = (text) => process.stdout.write(`${text}\n`);
  say(renderNightsText(found));
  for (const { mode, strategies } of found.modes) {
    const groups = Object.keys(strategies[0].judgement.groups);
    say(`Caught in ${mode}, by how the heart answers\n`);
    say(
      table(
        ['strategy', ...groups],
        strategies.map(({ name, judgement }) => [
          name,
          ...groups.map((group) => range(judgement.groups[group].figures.caught)),
        ]),
      ),
    );
    const hybrid = strategies.find(({ name }) => name === 'hybrid').judgement;
    const { falseTakenBack, falseAlerts, rightAlerts } = hybrid.retraction;
    say(
      `\nHybrid, ${mode}: of ${falseAlerts} false provisional alerts ${range(falseTakenBack)} can be taken back with at most one in twenty of ${rightAlerts} right ones; the thresholds chosen take back ${range(hybrid.figures.falseTakenBack)} and ${range(hybrid.figures.rightTakenBack)}\n`,
    );
  }
  say(`${of.nights} nights simulated and judged in ${seconds.toFixed(1)} s (aim for 1000: 60 s on two cores)`);
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  const machine = { processor: cpus()[0].model, cores: cpus().length, node: process.version };
  writeFileSync(
    join(root, 'bench/results/nights.json'),
    `${JSON.stringify({ ...found, seconds, machine }, null, 1)}\n`,
  );
  return 0;
}

const share = (value) => (value === null ? '–' : value.toFixed(3));
const range = ({ value, low, high }) =>
  low === null ? share(value) : `${share(value)} (${share(low)} to ${share(high)})`;

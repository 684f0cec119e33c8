/**
 * `alerts [--data FOLDER] [--strategies NAMES] [--seed N]`: nocturnal lows of real people, one held out at a time: the ways to
 * fuse beside a straight line through the last 15 minutes of CGM. Writes bench/results/alerts.json.
 *
 * These people know only their CGM: an event is where its readings cross 70 mg/dL. So nothing is said here of seconds after
 * the true onset; what is compared is how long before the crossing an alert comes, at the same number of false ones.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as consilience from 'consilience';
import { falsePerNight, spendings } from '../alerts/by-machine.mjs';
import { figuresOf, measureNames } from '../alerts/figures.mjs';
import { heartRateLevel } from '../alerts/heart-rate.mjs';
import { leaveOneOut, plain, shares, watchedNights } from '../alerts/leave-one-out.mjs';
import { lowsOf, mmolThreshold, peopleIn, soundReadings } from '../alerts/people.mjs';
import { plainLine } from '../alerts/plain-line.mjs';
import {
  context,
  heartRows,
  legend,
  machineHead,
  machineRows,
  plainWords,
  strategyHead,
  strategyRows,
} from '../alerts/words.mjs';
import { table } from '../table.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const every = ['early', 'slow', 'late', 'filter', 'hybrid'];

/** Groups that are judged apart: a CGM of 15 minutes tells less than one of 5. */
const groups = [
  { name: 't1d-uom, CGM every 5 minutes', set: 't1d-uom', everySeconds: 300 },
  { name: 't1d-uom, CGM every 15 minutes', set: 't1d-uom', everySeconds: 900 },
  { name: 'hupa-ucm, CGM every 15 minutes', set: 'hupa-ucm', everySeconds: 900 },
];

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', default: join(process.env.CONSILIENCE_SHARED ?? join(root, '../shared'), 'data') },
      strategies: { type: 'string', default: every.join(',') },
      seed: { type: 'string', default: '0' },
    },
  });
  const strategies = values.strategies.split(',');
  const unknown = strategies.find((name) => !every.includes(name));
  if (unknown !== undefined || !/^\d+$/.test(values.seed)) {
    process.stderr.write(`alerts: expected --strategies of ${every.join(', ')} and --seed N, got ${args.join(' ')}\n`);
    return 2;
  }
  if (!existsSync(join(values.data, 't1d-uom'))) {
    process.stdout.write(`alerts: skipped, no shared data in ${values.data}\n`);
    return 0;
  }
  const say = (text) => process.stdout.write(`${text}\n`);
  const baseline = readmeBaseline(values.data);
  say(`${plainWords(baseline)}\n\n${legend}`);
  const report = { kind: 'alerts', seed: Number(values.seed), shares, falsePerNight, baseline, groups: [] };
  for (const { name, set, everySeconds } of groups) {
    const own = peopleIn(values.data, set).filter((person) => person.everySeconds === everySeconds);
    const group = await judged(name, own, strategies, report.seed);
    report.groups.push(group);
    say(`\n${name}: ${group.people} people, ${group.nights} nights, ${group.events} events\n`);
    say(table(strategyHead, strategyRows(group, shares, plain)));
    for (const [spend, words] of Object.entries(spendings)) {
      say(
        `\nThe same through the alert machine, ${falsePerNight} false alarms a night allowed on the others, ${words}\n`,
      );
      say(table(machineHead, machineRows(group.machine[spend])));
    }
    say(`\n${heartRows(group)}`);
  }
  say(`\n${context}`);
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  writeFileSync(join(root, 'bench/results/alerts.json'), `${JSON.stringify(report, null, 1)}\n`);
  return 0;
}

/** The figures of the README of t1d-uom, on its files as they are, and without the readings of somebody else. */
function readmeBaseline(data) {
  const of = (asFiled) =>
    plainLine(
      peopleIn(data, 't1d-uom', { asFiled })
        .filter(({ everySeconds }) => everySeconds === 300)
        .map((person) => ({
          everySeconds: person.everySeconds,
          readings: soundReadings(person),
          lows: lowsOf(person, consilience.episodesOf, mmolThreshold),
        })),
      mmolThreshold,
    );
  return { asFiled: of(true), own: of(false) };
}

async function judged(name, own, strategies, seed) {
  const heartRate = heartRateLevel(
    own
      .filter((person) => person.heartRate.timeMs.length > 0)
      .map((person) => ({ ...person, lows: lowsOf(person, consilience.episodesOf) })),
    { bootstrap: consilience.bootstrap, seed },
  );
  const people = own
    .map((person) => ({
      subject: person.subject,
      everySeconds: person.everySeconds,
      nights: watchedNights(person, consilience),
    }))
    .filter(({ nights }) => nights.length > 0);
  const { claims, machine } = await leaveOneOut(people, strategies, consilience, (done) =>
    process.stderr.write(`alerts: ${name}: ${done}\n`),
  );
  const compared = (spend) => {
    const told = consilience.compareAlerts(machine[spend], { seed, pairs: pairsOf(strategies) });
    const figuresBy = told.strategies.map(({ name: strategy, judgement }) => ({
      strategy,
      figures: judgement.figures,
    }));
    return { strategies: figuresBy, differences: told.differences };
  };
  const nights = people.flatMap((person) => person.nights);
  return {
    name,
    people: people.length,
    nights: nights.length,
    events: nights.reduce((sum, night) => sum + night.onsets.length, 0),
    measures: measureNames,
    strategies: figuresOf(claims, plain, { bootstrap: consilience.bootstrap, seed }),
    machine: Object.fromEntries(Object.keys(spendings).map((spend) => [spend, compared(spend)])),
    heartRate,
  };
}

/** From the slow sensor alone, and the hybrid from the filter: what the fast sensors are worth. */
const pairsOf = (strategies) => [
  ...strategies.filter((name) => name !== 'slow' && strategies.includes('slow')).map((name) => [name, 'slow']),
  ...(['filter', 'hybrid'].every((name) => strategies.includes(name)) ? [['hybrid', 'filter']] : []),
];

/** Which nights are drawn, and what is drawn of them. */
import { judgeNight } from '../../evaluate/alerts/judge-night.ts';
import { byMinute } from '../../evaluate/nights/by-minute.ts';
import { alertNight, type FollowTask } from '../../evaluate/nights/compare.ts';
import type { Followed, FollowedNight } from '../../evaluate/nights/follow.ts';
import type { NightPicture, Series } from '../../evaluate/nights/picture.ts';
import type { WatchedNight } from '../../evaluate/nights/watched-night.ts';
import type { AlertChange } from '../../fuse/hybrid/alert/alert.ts';
import type { Question } from '../../fuse/hybrid/scoring.ts';
import { LOW_MG_PER_DL, simulateNight } from '../../simulate/night/night.ts';
import { drawPerson } from '../../simulate/night/person.ts';
import type { TransportName } from '../../simulate/night/transport.ts';

interface Ways {
  readonly seed: number;
  readonly heartRateEffect: number;
  readonly transport: TransportName;
}

/** What the strategies said of one night, the fullest first. */
interface Said {
  readonly name: string;
  readonly raise: number;
  readonly question: Question;
  readonly night: FollowedNight;
}

const shown = ['hybrid', 'filter', 'late', 'learned', 'fast', 'slow', 'early'];
const shownMode = 'forecast';

/**
 * Three nights at most, each the first of its kind: an event that hybrid fusion told in time and waiting for all sensors
 * did not; an alert that was taken back; an event that hybrid fusion missed or told late.
 */
export function pictureNights(
  nights: readonly WatchedNight[],
  tasks: readonly FollowTask[],
  outcomes: readonly Followed[],
  ways: Ways,
): NightPicture[] {
  const said = new Map<string, Said[]>();
  for (const name of shown) {
    tasks.forEach(({ strategy, question }, at) => {
      if (strategy !== name || question.mode !== shownMode) return;
      for (const night of outcomes[at].nights) {
        const own = said.get(night.id) ?? [];
        own.push({ name, raise: outcomes[at].alerts.raise, question, night });
        said.set(night.id, own);
      }
    });
  }
  const kinds: readonly [string, (night: WatchedNight, of: readonly Said[]) => boolean][] = [
    ['Hybrid fusion told this event in time; waiting for all sensors did not.', toldInTimeByHybridOnly],
    ['A provisional alert that the next readings took back.', takenBack],
    ['An event that hybrid fusion did not tell in time.', notInTime],
  ];
  const chosen = new Set<WatchedNight>();
  return kinds.flatMap(([caption, is]) => {
    const night = nights.find((one) => !chosen.has(one) && is(one, said.get(one.track.id) ?? []));
    if (!night) return [];
    chosen.add(night);
    return [picture(night, said.get(night.track.id) as Said[], caption, ways)];
  });
}

function changesOf(said: readonly Said[], name: string): readonly AlertChange[] {
  return said.find((one) => one.name === name)?.night.changes ?? [];
}

/** What became of each judged event of the night. */
function outcomesOf(night: WatchedNight, said: readonly Said[], name: string) {
  const own = said.find((one) => one.name === name);
  return own ? judgeNight(alertNight(night, own.night, own.question)).events.map(({ outcome }) => outcome) : [];
}

function toldInTimeByHybridOnly(night: WatchedNight, said: readonly Said[]): boolean {
  const early = outcomesOf(night, said, 'early');
  return outcomesOf(night, said, 'hybrid').some((outcome, at) => outcome === 'caught' && early[at] !== 'caught');
}

function takenBack(_: WatchedNight, said: readonly Said[]): boolean {
  return changesOf(said, 'hybrid').some(({ kind }) => kind === 'retracted');
}

function notInTime(night: WatchedNight, said: readonly Said[]): boolean {
  return outcomesOf(night, said, 'hybrid').some((outcome) => outcome !== 'caught');
}

function picture(night: WatchedNight, said: readonly Said[], caption: string, ways: Ways): NightPicture {
  const { id, startMs, stepMs, judgedFrom, ticks, utcOffsetMs, subject } = night.track;
  const person = drawPerson(ways.seed, Number(subject.slice(1)));
  const { recording, truth } = simulateNight(person, { ...ways, night: Number(id.slice(id.indexOf('-n') + 2)) });
  const { timeMs, value } = night.track.readings;
  return {
    id,
    caption,
    startMs: startMs + judgedFrom * stepMs,
    endMs: startMs + ticks * stepMs,
    utcOffsetMs,
    watched: { name: 'glucose', unit: 'mg/dL', threshold: LOW_MG_PER_DL, beyond: 'below' },
    truth: { timeMs: [...truth.timeMs], value: Array.from(truth.glucoseMgPerDl, rounded) },
    readings: { timeMs: [...timeMs], value: [...value] },
    fast: [
      { name: 'heart rate', unit: 'beats/min', series: short(byMinute(recording, 'interbeat', (ms) => 60_000 / ms)) },
      { name: 'motion', unit: 'milli-g', series: short(byMinute(recording, 'motion')) },
    ],
    episodes: night.episodes,
    strategies: said.map(({ name, raise, night: { score, changes } }) => ({
      name,
      probability: probabilityOf(score, startMs, stepMs),
      raise: 1 / (1 + Math.exp(-raise)),
      changes,
    })),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function short({ timeMs, value }: Series): Series {
  return { timeMs, value: value.map(rounded) };
}

/** By minute; where there is nothing new to say the last word stands. */
function probabilityOf(score: Float32Array, startMs: number, stepMs: number): Series {
  const every = Math.max(1, Math.round(60_000 / stepMs));
  const timeMs: number[] = [];
  const value: number[] = [];
  let word = Number.NaN;
  for (let k = 0; k < score.length; k++) {
    if (!Number.isNaN(score[k])) word = score[k];
    if (k % every !== 0 || Number.isNaN(word)) continue;
    timeMs.push(startMs + k * stepMs);
    value.push(Math.round(1e4 / (1 + Math.exp(-word))) / 1e4);
  }
  return { timeMs, value };
}

/** Strategies learned on all people of a group but one, and judged on that one, each in turn. */
import { machineNights } from './by-machine.mjs';
import { claimMs, falseIfClaimed, judgeClaims, thresholdFor } from './claims.mjs';
import { nightsOf, soundReadings } from './people.mjs';
import { lineScore } from './plain-line.mjs';
import { question, setupOf } from './setup.mjs';

export const plain = 'straight line';
/** Shares of the false claims that the straight line makes on the people thresholds are chosen on. */
export const shares = [1, 0.5, 0.25];

/** A person's nights as tracks, with what is needed to judge them. `library`: `episodesOf`, `trackOf`, `labelsOf`. */
export function watchedNights(person, { episodesOf, trackOf, labelsOf }, span) {
  const { timeMs, value } = soundReadings(person);
  const setup = setupOf(person);
  return nightsOf(person, episodesOf, span).map(({ recording, episodes }) => {
    const track = trackOf(recording, setup);
    const utc = { timeMs: timeMs.map((time) => time - recording.utcOffsetMs), value };
    const onsets = episodes.map(({ onsetMs }) => onsetMs).filter((at) => at >= recording.startMs && at < recording.endMs);
    const wrong = falseIfClaimed(track, utc, person.everySeconds);
    return { track, episodes, onsets, wrong, truth: labelsOf(track, episodes, question), ...asked(track, episodes) };
  });
}

/** Ticks, one in five minutes of the judged ones, at which no episode is on; and whether one begins within 20 minutes. */
function asked({ ticks, startMs, stepMs, judgedFrom }, episodes) {
  const at = [];
  const soon = [];
  for (let k = judgedFrom; k < ticks; k += 5) {
    const now = startMs + k * stepMs;
    if (episodes.some(({ onsetMs, endMs }) => onsetMs <= now && endMs > now)) continue;
    at.push(k);
    soon.push(episodes.some(({ onsetMs }) => onsetMs > now && onsetMs <= now + question.horizonSeconds * 1000) ? 1 : 0);
  }
  return { askedAt: at, soon };
}

/**
 * @param people `{ subject, everySeconds, nights }` each, nights as `watchedNights` gives them
 * @param library `fitOverTime`, `scoreTrack`, `auroc`, `chooseThresholds`, `alertsOf`
 * @returns `claims`, by strategy (the straight line first) and held-out person: nights, AUROC (null where no event), and for
 *   each share of the line's false claims what became of events and how many claims were false; `machine`, the strategies'
 *   nights as `compareAlerts` takes them
 */
export function leaveOneOut(people, strategies, library, progress = () => {}) {
  const { fitOverTime, scoreTrack, auroc } = library;
  const lines = people.map(({ nights, everySeconds }) => nights.map(({ track }) => lineScore(track, { everySeconds })));
  const results = Object.fromEntries([`${plain}, as it is`, plain, ...strategies].map((name) => [name, []]));
  const machine = strategies.map((name) => ({ name, nights: [] }));
  for (const [held, person] of people.entries()) {
    const others = people.flatMap(({ nights }, p) => (p === held ? [] : nights.map((night, n) => ({ night, line: lines[p][n] }))));
    const budget =
      others.reduce((sum, { night, line }) => sum + judgeClaims(night, line, 0).falseClaims, 0) / Math.max(1, others.length);
    const judged = (training, own, thresholds) => {
      const at = thresholds ?? shares.map((share) => thresholdFor(training, budget * share));
      return {
        subject: person.subject,
        nights: own.length,
        auroc: aurocOf(own, auroc),
        byShare: at.map((threshold) => tally(own, threshold)),
      };
    };
    const withLines = (nights) => nights.map(({ night, line }) => ({ ...night, score: line }));
    const ownLines = withLines(person.nights.map((night, n) => ({ night, line: lines[held][n] })));
    results[`${plain}, as it is`].push(judged([], ownLines, [0]));
    results[plain].push(judged(withLines(others), ownLines));
    for (const [at, name] of strategies.entries()) {
      const started = performance.now();
      const scoring = fitOverTime(
        name,
        others.map(({ night }) => night.track),
        others.map(({ night }) => night.episodes),
        question,
      );
      const scored = (night) => ({ ...night, ...scoreTrack(scoring, night.track) });
      const training = others.map(({ night }) => scored(night));
      const own = person.nights.map(scored);
      results[name].push(judged(training, own));
      machine[at].nights.push(...machineNights(training, own, library));
      progress(`${person.subject}: ${name}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
  }
  return { claims: results, machine };
}

function tally(nights, threshold) {
  const leads = [];
  let falseClaims = 0;
  for (const night of nights) {
    const judged = judgeClaims(night, night.score, threshold);
    falseClaims += judged.falseClaims;
    leads.push(...judged.leads);
  }
  return { threshold, falseClaims, leads };
}

/** Of the last word at each asked tick, where one stands. */
function aurocOf(nights, auroc) {
  const says = [];
  const label = [];
  for (const { score, track, askedAt, soon } of nights) {
    let word = Number.NaN;
    let said = 0;
    let k = 0;
    for (const [n, tick] of askedAt.entries()) {
      for (; k <= tick; k++) {
        if (score[k] !== score[k]) continue;
        word = score[k];
        said = k;
      }
      if (word !== word || (tick - said) * track.stepMs > claimMs / 2) continue;
      says.push(word);
      label.push(soon[n]);
    }
  }
  return auroc(says, label) ?? null;
}

/** Strategies learned on all people of a group but one, and judged on that one, each in turn. */
import { machineNights, spendings } from './by-machine.mjs';
import { claimMs, falseIfClaimed, judgeClaims, thresholdFor } from './claims.mjs';
import { nightsOf, soundReadings } from './people.mjs';
import { lineScore } from './plain-line.mjs';
import { question, setupOf } from './setup.mjs';

export const plain = 'straight line';
export const asItIs = `${plain}, as it is`;
/** Half as far ahead. That 10 minutes serve well was seen on these very people, so it flatters itself. */
export const shorter = `${plain}, 10 minutes`;
/** Shares of the false claims that the straight line makes on the people thresholds are chosen on. */
export const shares = [1, 0.5, 0.25];

/** A person's nights as tracks, with what is needed to judge them. `library`: `episodesOf`, `trackOf`, `labelsOf`. */
export function watchedNights(person, { episodesOf, trackOf, labelsOf }, span) {
  const { timeMs, value } = soundReadings(person);
  const setup = setupOf(person);
  return nightsOf(person, episodesOf, span).map(({ recording, episodes }) => {
    const track = trackOf(recording, setup);
    const utc = { timeMs: timeMs.map((time) => time - recording.utcOffsetMs), value };
    const onsets = episodes
      .map(({ onsetMs }) => onsetMs)
      .filter((at) => at >= recording.startMs && at < recording.endMs);
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
 * @returns `claims`, by strategy (straight lines first) and held-out person: nights, AUROC (null where no event), and for
 *   each share of the line's false claims what became of events and how many claims were false; `machine`, by way of
 *   spending, the strategies' nights as `compareAlerts` takes them
 */
export async function leaveOneOut(people, strategies, library, progress = () => {}) {
  const { fitOverTime, scoreTrack, auroc } = library;
  const lined = (aheadMinutes) =>
    people.map(({ nights, everySeconds }) =>
      nights.map((night) => ({ ...night, score: lineScore(night.track, { everySeconds, aheadMinutes }) })),
    );
  const lines = { [plain]: lined(20), [shorter]: lined(10) };
  const results = Object.fromEntries([asItIs, ...Object.keys(lines), ...strategies].map((name) => [name, []]));
  const spent = Object.keys(spendings);
  const machine = Object.fromEntries(spent.map((spend) => [spend, strategies.map((name) => ({ name, nights: [] }))]));
  for (const [held, person] of people.entries()) {
    const others = (byPerson) => byPerson.flatMap((nights, p) => (p === held ? [] : nights));
    const budget = falsePerNight(others(lines[plain]), 0);
    const judged = (training, own) => {
      const thresholds = shares.map((share) => thresholdFor(training, budget * share));
      return outcome(person.subject, own, thresholds, auroc);
    };
    results[asItIs].push(outcome(person.subject, lines[plain][held], [0], auroc));
    for (const [name, nights] of Object.entries(lines)) results[name].push(judged(others(nights), nights[held]));
    const training = others(people.map(({ nights }) => nights));
    for (const [at, name] of strategies.entries()) {
      const started = performance.now();
      const scoring = await fitOverTime(
        name,
        training.map(({ track }) => track),
        training.map(({ episodes }) => episodes),
        question,
        { seed: 0 },
      );
      const scored = (night) => ({ ...night, ...scoreTrack(scoring, night.track) });
      const heard = training.map(scored);
      const own = person.nights.map(scored);
      results[name].push(judged(heard, own));
      for (const spend of spent) machine[spend][at].nights.push(...machineNights(heard, own, spend, library));
      progress(`${person.subject}: ${name}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
  }
  return { claims: results, machine };
}

const falsePerNight = (nights, threshold) =>
  nights.reduce((sum, night) => sum + judgeClaims(night, night.score, threshold).falseClaims, 0) /
  Math.max(1, nights.length);

const outcome = (subject, nights, thresholds, auroc) => ({
  subject,
  nights: nights.length,
  auroc: aurocOf(nights, auroc),
  byShare: thresholds.map((threshold) => tally(nights, threshold)),
});

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
        if (Number.isNaN(score[k])) continue;
        word = score[k];
        said = k;
      }
      if (Number.isNaN(word) || (tick - said) * track.stepMs > claimMs / 2) continue;
      says.push(word);
      label.push(soon[n]);
    }
  }
  return auroc(says, label) ?? null;
}

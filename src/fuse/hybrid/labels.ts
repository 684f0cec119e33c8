/** Which ticks of a track are those of the event that a question asks for. */
import type { Episode } from '../../align/time/recording.ts';
import type { Track } from '../../align/time/track.ts';
import { InputError } from '../../errors.ts';
import type { Question } from './scoring.ts';

/** 1: an episode is on (nowcast), or is or begins within the horizon (forecast); [ticks]. */
export function labelsOf(track: Track, episodes: readonly Episode[], { mode, horizonSeconds }: Question): Uint8Array {
  const label = new Uint8Array(track.ticks); // [ticks]
  const ahead = mode === 'forecast' ? horizonSeconds * 1000 : 0;
  for (const { onsetMs, endMs } of episodes) {
    const first = Math.max(0, Math.ceil((onsetMs - ahead - track.startMs) / track.stepMs));
    const end = Math.min(track.ticks, Math.ceil((endMs - track.startMs) / track.stepMs));
    for (let k = first; k < end; k++) label[k] = 1;
  }
  return label;
}

/** Stands in a lesson for a tick that is not learned from. */
export const noLesson = 2;

/**
 * What a strategy learns from. A forecast is there to tell an event that is not on yet; ticks at which one is on are many and
 * easy, and a model of theirs would learn to tell these: they are left out.
 */
export function lessonOf(track: Track, episodes: readonly Episode[], question: Question): Uint8Array {
  const lesson = labelsOf(track, episodes, question);
  if (question.mode === 'nowcast') return lesson;
  const on = labelsOf(track, episodes, { ...question, mode: 'nowcast' });
  for (let k = 0; k < lesson.length; k++) if (on[k] === 1) lesson[k] = noLesson;
  return lesson;
}

/** @throws InputError for a question that asks for nothing */
export function checkQuestion({ threshold, beyond, mode, horizonSeconds }: Question): void {
  const refuse = (name: string, expected: string, got: unknown) => {
    throw new InputError({ where: `question: ${name}`, what: 'unusable', expected, got: `${got}` });
  };
  if (!Number.isFinite(threshold)) refuse('threshold', 'a number', threshold);
  if (beyond !== 'below' && beyond !== 'above') refuse('beyond', 'below or above', beyond);
  if (mode !== 'nowcast' && mode !== 'forecast') refuse('mode', 'nowcast or forecast', mode);
  if (!(horizonSeconds >= 0 && horizonSeconds < Number.POSITIVE_INFINITY)) {
    refuse('horizonSeconds', 'a number from 0', horizonSeconds);
  }
}

/** @throws InputError where tracks and episodes do not go together, or tracks tell different features */
export function checkTracks(where: string, tracks: readonly Track[], episodes: readonly (readonly Episode[])[]): void {
  if (tracks.length === 0) throw new InputError({ where, what: 'nothing to fit', expected: 'at least one track' });
  if (episodes.length !== tracks.length) {
    throw new InputError({
      where,
      what: 'episodes of other tracks',
      expected: `${tracks.length} lists`,
      got: `${episodes.length}`,
    });
  }
  const names = tracks[0].features.join(', ');
  for (const track of tracks) {
    const { id, features, stepMs } = track;
    checkShape(`${where}: ${id}`, track);
    if (features.join(', ') !== names) {
      throw new InputError({
        where: `${where}: ${id}`,
        what: 'other features',
        expected: names,
        got: features.join(', '),
      });
    }
    if (stepMs !== tracks[0].stepMs) {
      throw new InputError({
        where: `${where}: ${id}`,
        what: 'other step',
        expected: `${tracks[0].stepMs} ms`,
        got: `${stepMs}`,
      });
    }
  }
}

function checkShape(where: string, { ticks, features, values, heard, readings }: Track): void {
  const cells = ticks * features.length;
  if (values.length !== cells || heard.length !== cells) {
    const expected = `${ticks} ticks of ${features.length} features, ${cells} values`;
    throw new InputError({
      where,
      what: 'values of another shape',
      expected,
      got: `${values.length}, ${heard.length}`,
    });
  }
  const { timeMs, knownMs, value, quality } = readings;
  const lengths = [timeMs, knownMs, value, quality].map(({ length }) => length);
  if (lengths.some((length) => length !== value.length)) {
    throw new InputError({ where, what: 'readings of unequal length', expected: 'one', got: lengths.join(', ') });
  }
  for (let i = 0; i < value.length; i++) {
    if (!Number.isFinite(value[i]) || !Number.isFinite(timeMs[i])) {
      const expected = 'numbers; a reading that failed is left out';
      throw new InputError({ where, what: 'no reading', expected, got: `${value[i]} at ${timeMs[i]}` });
    }
    if (i === 0 ? !Number.isNaN(knownMs[0]) : knownMs[i] >= knownMs[i - 1]) continue;
    throw new InputError({
      where,
      what: 'readings out of order',
      expected: 'in order of knownMs',
      got: `reading ${i}`,
    });
  }
}

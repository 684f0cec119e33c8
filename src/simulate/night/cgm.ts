/**
 * What a CGM says of a night's glucose: readings every five minutes of a delayed, scaled, noisy glucose under the skin, which a
 * sleeper's weight may press away and the link may lose. After Breton, Kovatchev 2008 (noise) and Facchinetti et al. 2014
 * (IEEE TBME 61:620: delay, calibration, noise apart) and 2016 (compression, gaps); sizes in glucose-effects.ts.
 */
import { deriveSeed, type Random, random } from '../../array/random.ts';
import { CGM } from './glucose-effects.ts';
import type { GlucoseNight } from './glucose-night.ts';
import { logNormal, type Person } from './person.ts';

export interface CgmNight {
  readonly timeMs: Float64Array; // [readings], when measured; gaps are left out
  /** mg/dL, whole, 40 to 400. */
  readonly value: Float64Array; // [readings]
  /** 1: during compression. What a test or a picture may know, a fusion not. */
  readonly pressed: Uint8Array; // [readings]
}

export function cgmNight(
  person: Person,
  { startMs, stepMs, glucoseMgPerDl }: GlucoseNight,
  { seed, night }: { seed: number; night: number },
): CgmNight {
  const draw = random(deriveSeed(seed, 'cgm', person.index, night));
  const minutes = glucoseMgPerDl.length - 1;
  const pressure = pressed(draw, minutes, (startMs / 3_600_000) % 24);
  const under = interstitial(glucoseMgPerDl, person.habits.cgmLagMinutes);
  const gain = sensorGain(seed, person.index, night);
  const drift = CGM.driftLogSd * draw.normal();
  const noise = noiseSource(draw);
  const everyMs = CGM.everySeconds * 1000;
  const phaseMs = Math.floor(draw.uniform() * everyMs);
  const room = Math.floor((minutes * stepMs - phaseMs) / everyMs) + 1;
  const timeMs = new Float64Array(room); // [readings]
  const value = new Float64Array(room); // [readings]
  const marks = new Uint8Array(room); // [readings]
  let count = 0;
  let gapLeft = 0; // readings
  const gapChance = (CGM.gapPerHour * CGM.everySeconds) / 3600;
  const gapEnd = 1 - Math.exp(-CGM.everySeconds / 60 / CGM.gapMeanMinutes);
  for (let reading = 0; reading < room; reading++) {
    const ofNight = phaseMs + reading * everyMs;
    const minute = ofNight / stepMs;
    const error = noise();
    if (gapLeft > 0) gapLeft--;
    else if (draw.uniform() < gapChance) {
      gapLeft = 1;
      while (draw.uniform() > gapEnd) gapLeft++;
    }
    if (gapLeft > 0) continue;
    const scale = gain * Math.exp(drift * (minute / minutes - 0.5));
    const shown = Math.round(scale * at(under, minute) - at(pressure, minute) + error);
    timeMs[count] = startMs + ofNight;
    value[count] = Math.min(CGM.high, Math.max(CGM.low, shown));
    marks[count] = at(pressure, minute) > 1 ? 1 : 0;
    count++;
  }
  return { timeMs: timeMs.slice(0, count), value: value.slice(0, count), pressed: marks.slice(0, count) };
}

/** First order behind blood: exact for glucose that stands still within each minute. */
function interstitial(glucose: Float64Array, lagMinutes: number): Float64Array {
  const carry = Math.exp(-1 / lagMinutes);
  const under = new Float64Array(glucose.length); // [minutes]
  under[0] = glucose[0] - lagMinutes * (glucose[1] - glucose[0]);
  for (let minute = 1; minute < glucose.length; minute++) {
    const blood = 0.5 * (glucose[minute - 1] + glucose[minute]);
    under[minute] = carry * under[minute - 1] + (1 - carry) * blood;
  }
  return under;
}

/** A sensor is worn for some nights; people change theirs on different days. */
function sensorGain(seed: number, person: number, night: number): number {
  const worn = Math.floor((night + (person % CGM.nightsWorn)) / CGM.nightsWorn);
  return Math.exp(CGM.gainLogSd * random(deriveSeed(seed, 'sensor', person, worn)).normal());
}

/** Autoregressive Gaussian noise of unit variance, bent to the shape of Johnson's SU, reading by reading. */
function noiseSource(draw: Random): () => number {
  const { carry, carryMinutes, xi, lambda, gamma, delta } = CGM.noise;
  const each = carry ** (CGM.everySeconds / 60 / carryMinutes);
  const shock = Math.sqrt(1 - each * each);
  let level = draw.normal();
  return () => {
    const shown = CGM.noiseShare * (xi + lambda * Math.sinh((level - gamma) / delta));
    level = each * level + shock * draw.normal();
    return shown;
  };
}

/** mg/dL by which pressure lowers the readings, by minute: bouts while in bed, each a rectangle through a first-order system. */
function pressed(draw: Random, minutes: number, fromHour: number): Float64Array {
  const lowered = new Float64Array(minutes + 1); // [minutes]
  const [fromMinute, toMinute] = CGM.compressionHours.map((hour) => (hour - fromHour) * 60);
  const carry = Math.exp(-1 / CGM.compressionLagMinutes);
  let depth = 0;
  let until = -1;
  for (let minute = 1; minute <= minutes; minute++) {
    if (minute > until) {
      depth = 0;
      const inBed = minute >= fromMinute && minute < toMinute;
      if (inBed && draw.uniform() < CGM.compressionPerHour / 60) {
        depth = logNormal(draw, CGM.compressionMgPerDl);
        until = minute + Math.round(logNormal(draw, CGM.compressionMinutes));
      }
    }
    lowered[minute] = carry * lowered[minute - 1] + (1 - carry) * depth;
  }
  return lowered;
}

/** Between two minutes along a straight line. */
function at(curve: Float64Array, minute: number): number {
  const before = Math.min(curve.length - 1, Math.floor(minute));
  const after = Math.min(curve.length - 1, before + 1);
  return curve[before] + (minute - before) * (curve[after] - curve[before]);
}

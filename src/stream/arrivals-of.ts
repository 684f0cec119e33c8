import type { Arrival } from '../align/time/event.ts';
import type { Recording } from '../align/time/recording.ts';

/** A recording as it came in, event by event: to be heard as a stream, or written as a log. */
export function* arrivalsOf(recording: Recording): Generator<Arrival, void, undefined> {
  const { id, subject, sensors } = recording;
  for (let at = 0; at < recording.timeMs.length; at++) {
    const event = {
      stream: id,
      subject,
      sensor: sensors[recording.sensor[at]],
      sequence: recording.sequence[at],
      timeMs: recording.timeMs[at],
      value: recording.value[at],
      quality: recording.quality[at],
    };
    yield { event, arrivedMs: recording.arrivedMs[at] };
  }
}

/** What is read of the people of people.mjs, minute by minute, and what is asked. */
import { sensorsOf } from './people.mjs';

/** Of CGM readings that come every `everySeconds`. The watch tells means of 5 minutes, so that nothing finer can be read. */
export const setupOf = ({ everySeconds }) => ({
  stepSeconds: 60,
  sensors: sensorsOf({ everySeconds }),
  slow: 'cgm',
  features: [
    { name: 'heart rate', sensor: 'heartRate', kind: 'mean', windowSeconds: 900 },
    {
      name: 'heart rate against its own',
      sensor: 'heartRate',
      kind: 'deviation',
      windowSeconds: 900,
      baselineSeconds: 7200,
    },
    { name: 'steps', sensor: 'steps', kind: 'mean', windowSeconds: 1800 },
    { name: 'day sine', kind: 'day-sine' },
    { name: 'day cosine', kind: 'day-cosine' },
  ],
});

/** Is glucose below 70 mg/dL now, or will it be within 20 minutes? */
export const question = { threshold: 70, beyond: 'below', mode: 'forecast', horizonSeconds: 1200 };

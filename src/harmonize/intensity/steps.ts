/** The steps that studies name. */
import { histogramMatch } from './histogram-match.ts';
import { imageStep } from './image-step.ts';
import { kdeMode } from './kde-mode.ts';
import { minMax } from './min-max.ts';
import { nyul } from './nyul.ts';
import { percentileClip } from './percentile-clip.ts';
import { whiteStripe } from './white-stripe.ts';
import { zScoreIntensity } from './z-score-intensity.ts';

export const intensitySteps = {
  'intensity-z-score': imageStep(zScoreIntensity.kind),
  'min-max': imageStep(minMax.kind),
  'percentile-clip': imageStep(percentileClip.kind),
  'histogram-match': imageStep(histogramMatch.kind),
  nyul: imageStep(nyul.kind),
  'white-stripe': imageStep(whiteStripe.kind),
  'kde-mode': imageStep(kdeMode.kind),
} as const;

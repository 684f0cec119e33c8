import { early } from '../../src/fuse/early.ts';
import { late } from '../../src/fuse/late.ts';
import { bestSingle, single } from '../../src/fuse/single.ts';
import { checkFusion } from '../contract/check-fusion.ts';

checkFusion('single', () => single({ modality: 'assay1' }));
checkFusion('single, more features than subjects', () => single({ modality: 'assay1' }), { features: [200, 12] });
checkFusion('best-single', () => bestSingle({ metric: 'auroc' }));
checkFusion('early', () => early());
checkFusion('early, more features than subjects', () => early(), { features: [200, 12] });
checkFusion('early, three classes', () => early(), { classes: 3 });
checkFusion('late by mean', () => late({ combine: 'mean' }));
checkFusion('late by mean, three classes', () => late({ combine: 'mean' }), { classes: 3 });
checkFusion('late by weights', () => late({ combine: 'weighted' }));
checkFusion('late by convex weights', () => late({ combine: 'convex' }));
checkFusion('late by convex weights, three classes', () => late({ combine: 'convex' }), { classes: 3 });
checkFusion('late by stacking', () => late({ combine: 'stacked' }));
checkFusion('late by stacking, three classes', () => late({ combine: 'stacked' }), { classes: 3, features: [6, 100] });

for (const kind of ['survival', 'value'] as const) {
  checkFusion(`single, ${kind}`, () => single({ modality: 'assay1' }), { kind });
  checkFusion(`best-single, ${kind}`, () => bestSingle(), { kind });
  checkFusion(`early, ${kind}`, () => early(), { kind });
  checkFusion(`early, ${kind}, more features than subjects`, () => early(), { kind, features: [200, 12] });
  checkFusion(`late by mean, ${kind}`, () => late({ combine: 'mean' }), { kind });
  checkFusion(`late by weights, ${kind}`, () => late({ combine: 'weighted' }), { kind });
  checkFusion(`late by convex weights, ${kind}`, () => late({ combine: 'convex' }), { kind });
  checkFusion(`late by stacking, ${kind}`, () => late({ combine: 'stacked' }), { kind });
}

/**
 * The result of a comparison, as it is written to `results.json` (`kind: "comparison"`). Other tools read it: a field is
 * added, never renamed; `version` rises when a meaning changes.
 */
import type { TargetKind } from '../describe/target.ts';
import type { Metric } from '../score/metric.ts';
import type { PairIndependence } from './independence.ts';

/** A figure with its interval. `null` where no fold defines it. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Folds in which the metric was defined, and those (named `repeat 2 fold 4`) in which it was not. */
  readonly folds: number;
  readonly undefinedFolds: readonly string[];
}

export type Estimates = { readonly [M in Metric]?: Estimate };

/** Figures on a part of the test subjects, such as those who have some set of modalities. */
export interface Cell {
  readonly present: readonly string[];
  /** Distinct subjects, and how many of them each class has (in the order of `study.target.classes`; none of values). */
  readonly n: number;
  readonly classCounts: readonly number[];
  readonly metrics: Estimates;
}

export type Finding = 'helps' | 'harms' | 'no-meaningful-difference' | 'cannot-tell';

/** A strategy against the best single modality (chosen on inner folds), same subjects, same folds. */
export interface Paired {
  readonly against: string;
  readonly metric: Metric;
  /** In favour of the strategy when positive, whichever way the metric points. */
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Two-sided, unadjusted; `pHolm` is adjusted over the strategies compared. */
  readonly p: number | null;
  readonly pHolm: number | null;
  readonly method: 'corrected-resampled-t' | 'delong' | 'paired-bootstrap';
  readonly n: number;
  /** The smallest true difference this design would have found with 80 % power at the 5 % level, unadjusted. */
  readonly smallestDetectable: number | null;
  readonly finding: Finding;
}

export interface CalibrationBin {
  readonly low: number;
  readonly high: number;
  readonly meanPredicted: number;
  readonly observed: number;
  readonly n: number;
}

/** A figure with its interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Whether predictions mean what they say, on the test subjects of the first repeat. */
export interface Reliability {
  /**
   * 1 is right, below 1 predictions are too extreme. Two classes: of the logistic model of the event on the predicted
   * log-odds; survival: of the Cox model on the predicted log hazard; values: of the line of true on predicted values. null
   * where it is undefined.
   */
  readonly slope: Interval | null;
  /** 0 is right, above 0 events (values) are told too rarely (too low): the same models with the slope held at 1. */
  readonly intercept: Interval | null;
  /**
   * Mean distance between what was predicted and observed, over ten bins of equal count (of more than two classes: of the
   * class predicted); survival: over fifths of risk. null of values, whose errors have metrics of their own.
   */
  readonly error: number | null;
}

export interface DriverCount {
  readonly modality: string;
  readonly decisions: number;
  readonly against: number;
}

/** Decisions (subjects times repeats) and the share of them that is right; the interval counts subjects once. */
export interface AgreementAccuracy {
  readonly n: number;
  readonly correct: number;
  readonly accuracy: Interval | null;
}

/** Where the experts of a late fusion agree. */
export interface Agreement {
  /** At least two experts were heard and all named one class, or not. */
  readonly unanimous: AgreementAccuracy;
  readonly divided: AgreementAccuracy;
  readonly contradictions: readonly {
    readonly pair: readonly [string, string];
    /** Decisions with both opinions, those that differ, and those where both are sure (at least 0.8). */
    readonly n: number;
    readonly differ: number;
    readonly bothSure: number;
    /** Of the latter, who was right: the first of the pair, the second, neither. */
    readonly right: readonly [first: number, second: number, neither: number];
  }[];
}

/** Whether modalities are independent given the outcome, which some combiners assume. */
export interface Independence {
  /** The late fusion whose experts were tested, on the training subjects of each fold of the first repeat. */
  readonly strategy: string;
  /** Empty where it was not tested. */
  readonly pairs: readonly PairIndependence[];
  /** What was found of each pair, or why nothing was tested. */
  readonly words: readonly string[];
}

/** Conformal sets or intervals on some test subjects. */
export interface CoverageCell {
  /** The modalities they have; null: all test subjects. */
  readonly present: readonly string[] | null;
  readonly n: number;
  /** Share whose set or interval holds the truth, with Wilson's interval. */
  readonly coverage: Interval;
  /** Mean number of classes in a set, or width of an interval; null where all are infinite. */
  readonly meanSize: number | null;
  /** Intervals that are infinite, since too few training subjects taught them. */
  readonly infinite: number;
}

/** Subjects of one third of predicted risk. */
export interface RiskGroup {
  readonly name: 'low' | 'middle' | 'high';
  readonly n: number;
  readonly events: number;
  /** Share without the event beyond each time, with its interval (log-log): steps of the curve. */
  readonly curve: readonly {
    readonly timeDays: number;
    readonly atRisk: number;
    readonly survival: number;
    readonly low: number;
    readonly high: number;
  }[];
}

/** Whether hiding what is asked for most moves predictions more than hiding other tokens of the same modalities. */
export type FaithfulnessFinding = 'faithful' | 'opposed' | 'none-seen' | 'not-tested';

/** Attention against what the prediction rests on, over test subjects; each counts once, the mean over repeats. */
export interface FaithfulnessResult {
  /** Tokens hidden at a time; the most of any fold. */
  readonly hidden: number;
  /** Subjects with two modalities, one of them with two tokens. */
  readonly n: number;
  /** Mean distance that predictions move without the tokens asked for most, and without as many others drawn at random. */
  readonly most: number | null;
  readonly random: number | null;
  /** Mean of the paired differences `most` − `random`, with its interval over subjects. */
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Two-sided, the paired t-test over subjects. */
  readonly p: number | null;
  readonly finding: FaithfulnessFinding;
  readonly sentence: string;
}

export interface ConversationToken {
  readonly modality: string;
  /** A feature, a group of features, or `learned combinations`. */
  readonly name: string;
  /** How many learned combinations stand behind it: those of different networks cannot be told apart one by one. */
  readonly learned?: number;
  /** Share of the attention of other modalities' tokens that it gets, the mean over subjects; null where nobody asks. */
  readonly askedFor: number | null;
  /** What it would get if all tokens were asked alike. */
  readonly even: number | null;
  /** Distinct subjects in whom it could be asked, and folds whose model has it. */
  readonly n: number;
  readonly folds: number;
}

/** What modalities asked each other in one test subject, the mean over repeats. Tokens by their place in `tokens`. */
export interface SubjectConversation {
  readonly subject: string;
  /** Row by row as in `between`: [modalities * modalities]. */
  readonly asked: readonly number[];
  /** The three tokens asked for most, compared with asking all alike, and how much; learned combinations left out. */
  readonly tokens: readonly number[];
  readonly askedFor: readonly number[];
  /** How far the prediction moves without the tokens asked for most, and without others. */
  readonly most: number | null;
  readonly random: number | null;
}

/** What the modalities of a strategy with attention asked each other, in test subjects. Figures to four decimals. */
export interface ConversationResult {
  /** Distinct subjects in whom at least two modalities meet. */
  readonly n: number;
  readonly modalities: readonly string[];
  /**
   * A row for each modality that asks: what its tokens took of each modality, the mean over the `n` subjects in whom it had
   * somebody to ask (absent modalities give nothing), with intervals over subjects. null for itself, and without two subjects.
   */
  readonly between: readonly {
    readonly modality: string;
    readonly n: number;
    readonly asked: readonly (Interval | null)[];
  }[];
  /** The same by attention rollout, which follows all layers and what each modality keeps of itself: [modalities, modalities]. */
  readonly rollout: readonly (readonly (number | null)[])[];
  readonly tokens: readonly ConversationToken[];
  /** Mean attention of each token (row) to each (column), of all up to 60, else of the 40 asked for most; by their places. */
  readonly attention: {
    readonly tokens: readonly number[];
    readonly mean: readonly (readonly (number | null)[])[];
  };
  readonly faithfulness: FaithfulnessResult;
  readonly subjects: readonly SubjectConversation[];
}

export interface StrategyResult {
  /** `single:rna`, `single:best`, `early:logistic`, `late:mean`, ... */
  readonly name: string;
  readonly modalities: readonly string[];
  readonly role: 'single' | 'best-single' | 'fusion';
  /** Distinct test subjects. */
  readonly n: number;
  /** All test subjects; a strategy that lacks every modality it needs falls back to the class shares of training. */
  readonly metrics: Estimates;
  /** Only the test subjects who have at least one of the strategy's modalities. */
  readonly wherePresent: Cell;
  /** Every subset of modalities at test time, by masking subjects who have all of them. */
  readonly missing: readonly Cell[];
  /** Test subjects by the set of modalities they really have. */
  readonly natural: readonly Cell[];
  /** Absent for single modalities. */
  readonly paired?: Paired;
  /** The same on test subjects who have the single modality chosen in their fold. */
  readonly pairedWherePresent?: Paired;
  /**
   * Against the single modality that turned out best on the test subjects. It was chosen by looking, so the figure is
   * biased against the strategy: for reading, no verdict rests on it.
   */
  readonly pairedInHindsight?: Paired;
  /** Differences in the other metrics, for reading only: no verdict rests on them. */
  readonly pairedOther?: readonly Paired[];
  /**
   * Classes: predicted probability of the event (of more than two: of the class predicted) against its share; survival:
   * predicted probability of the event by the middle of the times scored against its Kaplan-Meier estimate, by fifths of
   * risk; values: predicted against true means, by tenths of the prediction.
   */
  readonly calibration: readonly CalibrationBin[];
  /** Two classes only: mean true positive rate over folds at fixed false positive rates. */
  readonly roc: readonly { readonly falsePositiveRate: number; readonly truePositiveRate: number }[];
  /** Fusions only: how often each modality moved a prediction the most; of classes, how often it spoke `against` the decision. */
  readonly drivers?: readonly DriverCount[];
  /** Late fusions of classes whose single modalities were compared too: where experts agree and disagree. */
  readonly agreement?: Agreement;
  /** Late fusions: what the independence of its experts, or its lack, means for its combiner, in words. */
  readonly independenceMeans?: readonly string[];
  readonly reliability: Reliability;
  /** Two classes only: net benefit of treating from a threshold probability on, and of treating everyone. First repeat. */
  readonly decisionCurve?: readonly { readonly threshold: number; readonly model: number; readonly all: number }[];
  /** Classes and values: conformal prediction at `level`, over all and by the modalities subjects have. First repeat. */
  readonly conformal?: { readonly level: number; readonly cells: readonly CoverageCell[] };
  /** Classes only: error rate among the share of subjects answered, the most certain first; `area` under it. First repeat. */
  readonly abstention?: {
    readonly area: number;
    readonly curve: readonly { readonly answered: number; readonly errorRate: number }[];
  };
  /** Survival only: Kaplan-Meier curves of test subjects by thirds of predicted risk within their fold, over the first repeat. */
  readonly survivalByRisk?: readonly RiskGroup[];
  /** Mean absolute Shapley contribution of each modality to the probability of the predicted class, the risk or the value. */
  readonly contributions: readonly { readonly modality: string; readonly meanAbsolute: number }[];
  /** Only of fusions whose modalities attend to each other. */
  readonly conversation?: ConversationResult;
  /** Milliseconds: to fit (mean of folds, shared work included) and to predict one subject. */
  readonly latencyMs: { readonly fit: number; readonly predict: number };
  /** What it did that a reader should know: modality chosen, penalties, what was imputed, for how many the prior stood in. */
  readonly notes: readonly string[];
}

export interface ModalitySummary {
  readonly name: string;
  readonly features: number;
  readonly subjects: number;
  readonly unit?: string;
  /** How many features have each scale. */
  readonly scales: Readonly<Record<string, number>>;
  readonly noise: string;
  readonly constraint: string;
  /** Share of missing values among subjects who have the modality. */
  readonly missingShare: number;
  /** The preparation fitted inside every fold, in words. */
  readonly preparation: string;
  /** Of a modality of images. */
  readonly image?: ImageSummary;
}

/** What the scans of a modality are like. No number is of fewer than five subjects: nobody's own scan is shown. */
export interface ImageSummary {
  /** Voxels along width, height and, in 3-D, depth. */
  readonly size: readonly number[];
  readonly spacingMm: readonly number[];
  readonly channels: number;
  /** Slices of the mean of all scans as they were read, of the first channel: a PNG in base64. */
  readonly mean?: {
    readonly png: string;
    readonly width: number;
    readonly height: number;
    readonly subjects: number;
    /** Whether letters tell directions: the grid says where it stands. */
    readonly placed: boolean;
  };
  /** Values of all subjects as they were read. */
  readonly values?: ValueHistogram;
  /** After the preparation, fitted here on these subjects together; in the comparison each fold fits its own. */
  readonly prepared?: ValueHistogram & { readonly subjects: number };
}

/** What harmonizing did to the relation between two modalities of images, over the scans of a group taken together. */
export interface ImageRelation {
  readonly modalities: readonly [string, string];
  /** All subjects first, then sites of five subjects or more. */
  readonly groups: readonly {
    readonly name: string;
    readonly subjects: number;
    /** Nats; `unrelated` is what is found without a relation (95 %), `p` the chance of as large a value then. */
    readonly mutualInformation: {
      readonly before: number;
      readonly after: number;
      readonly unrelated: number;
      readonly p: number;
    };
    readonly rankCorrelation: { readonly before: number; readonly after: number };
    /** 0: kept; 1: as far from what it was as no relation is. */
    readonly copulaDistance: number;
  }[];
  readonly words: readonly string[];
}

/** Bins of equal width between the 1st and 99th percentile. */
export interface ValueHistogram {
  readonly low: number;
  readonly high: number;
  /** Of the values between them, the share in each bin. */
  readonly shares: readonly number[];
}

export interface Warning {
  /** Stable, for programs: `unlabelled-subjects`, `undefined-folds`, ... */
  readonly code: string;
  readonly message: string;
}

export interface Comparison {
  readonly kind: 'comparison';
  readonly version: 1;
  readonly study: {
    readonly name: string;
    readonly title: string;
    readonly description?: string;
    readonly source?: string;
    readonly subjects: number;
    readonly modalities: readonly ModalitySummary[];
    /** Only of modalities of images on one grid that are harmonized. */
    readonly imageRelations?: readonly ImageRelation[];
    readonly target: {
      readonly kind: TargetKind;
      readonly name: string;
      /** Of a value. */
      readonly unit?: string;
      /** What subjects are counted by: the classes; of survival `censored` and `event`; of values nothing. */
      readonly classes: readonly string[];
      readonly classCounts: readonly number[];
    };
    /** Which sets of modalities subjects have, most frequent first. */
    readonly patterns: readonly {
      readonly present: readonly string[];
      readonly n: number;
      readonly classCounts: readonly number[];
    }[];
  };
  readonly protocol: {
    readonly kind: 'cross-validation' | 'holdout' | 'leave-one-group-out' | 'given';
    readonly folds: number;
    readonly repeats: number;
    readonly testShare?: number;
    readonly inner: number;
    readonly grouped: boolean;
    readonly metric: Metric;
    /** A difference within plus or minus this much is of no practical meaning; declared before looking. */
    readonly margin: number;
    readonly level: number;
    /** The protocol in words. */
    readonly words: readonly string[];
  };
  readonly seed: number;
  readonly strategies: readonly StrategyResult[];
  /** Absent without a late fusion of two modalities. */
  readonly independence?: Independence;
  readonly verdict: { readonly finding: Finding; readonly strategy: string | null; readonly sentence: string };
  readonly warnings: readonly Warning[];
  readonly environment: Readonly<Record<string, string>>;
}

/** One test subject of one fold as one strategy predicts it; `predictions.csv` has a row each. */
export interface SubjectPrediction extends Told {
  readonly repeat: number;
  readonly fold: number;
  readonly subject: string;
  readonly strategy: string;
  readonly present: readonly string[];
  /** Fusions only: the modality that moved the prediction the most (largest absolute Shapley value). */
  readonly driver?: string;
  /** `prior`: none of the strategy's modalities was there. */
  readonly basis: 'modalities' | 'prior';
}

/** The truth of a subject, and what a strategy says of it by the kind of target. */
export interface Told {
  /** A class; the days to the event or to censoring; a value. */
  readonly truth: string;
  /** Survival: whether the event was seen. */
  readonly event?: boolean;
  readonly probability?: readonly number[]; // [classes]
  readonly risk?: number;
  readonly value?: number;
}

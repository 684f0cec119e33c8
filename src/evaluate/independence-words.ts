/** What the independence of experts, or its lack, means for a combiner: a sentence or two, none of them a verdict. */
import type { Combiner } from '../fuse/combine/combiners.ts';
import { difference, interval, pValue, share } from '../score/written.ts';
import type { EvidenceFinding, ExpertFinding, PairIndependence } from './independence.ts';

type Kind = 'redundant' | 'opposed' | 'interplay' | 'none-seen';
type Meaning = { readonly [K in Kind]: string };

const unseen =
  'An early or intermediate model with interactions between modalities might see it; a sum of effects cannot.';

const meanings: { readonly [C in Combiner]: Meaning } = {
  mean: {
    redundant:
      'The mean stays between its experts, so this does not make it too sure, but averaging gains less than from independent ones.',
    opposed:
      'Their errors partly cancel, so averaging gains more than from independent experts; its probabilities tend to be not sure enough.',
    interplay: `The mean is handed one opinion a modality and cannot see what shows only in both together. ${unseen}`,
    'none-seen': 'The mean does not need independent experts, it only gains most from them.',
  },
  weighted: {
    redundant:
      'Weights are learned expert by expert, so those who say the same count twice among the voices; the average does not become too sure, but gains less.',
    opposed:
      'Their errors partly cancel, which weights learned expert by expert do not take into account; the average gains more than from independent experts.',
    interplay: `An expert that says little alone gets little weight, and no weight shows what shows only in both together. ${unseen}`,
    'none-seen': 'Weights learned expert by expert suit experts who err independently.',
  },
  convex: {
    redundant:
      'Weights are learned from all opinions together, so of experts who say the same one may get next to none; the average stays between its experts and does not become too sure.',
    opposed:
      'Weights are learned from all opinions together and favour errors that cancel, as far as training subjects suffice; its probabilities tend to be not sure enough.',
    interplay: `Weights of opinions, one a modality, cannot show what shows only in both together. ${unseen}`,
    'none-seen':
      'A convex combination does not need independent experts; here its weights follow how good each expert is alone.',
  },
  stacked: {
    redundant:
      'The stacker learns from all opinions together and takes off what they share, as far as that is linear and its training subjects suffice.',
    opposed:
      'The stacker learns from all opinions together and makes use of errors that cancel, as far as its training subjects suffice.',
    interplay: `The stacker learns from one opinion a modality, which no longer holds what shows only in both together. ${unseen}`,
    'none-seen':
      'The stacker does not need independent experts; here it has little to correct, and a combiner that learns less may do as well.',
  },
  product: {
    redundant:
      'The product assumes independence given the class and counts twice what they share: expect it to be too sure, in its probabilities more than in its ranking.',
    opposed:
      'The product assumes independence given the class and misses that errors partly cancel: expect it to be not sure enough.',
    interplay: `The product assumes independence given the class, which the evidence contradicts; its experts cannot pass on what shows only in both together. ${unseen}`,
    'none-seen':
      'The independence given the class that the product assumes is not contradicted, which does not prove it.',
  },
  vote: {
    redundant: 'Experts who err together outvote others together: a majority is worth less than its number of votes.',
    opposed: 'They seldom err together: a majority is worth more than its number of votes.',
    interplay: `A vote is cast by modality and cannot hold what shows only in both together. ${unseen}`,
    'none-seen':
      'That a majority errs less often than its voters rests on independent errors, which is not contradicted.',
  },
  'weighted-vote': {
    redundant:
      'Weights are learned expert by expert, so experts who err together outvote others together, by more than they know.',
    opposed:
      'They seldom err together, which weights learned expert by expert do not take into account: a majority is worth more than its weight.',
    interplay: `A vote is cast by modality, and an expert that says little alone has little weight; what shows only in both together is lost. ${unseen}`,
    'none-seen': 'Weights learned expert by expert suit votes that err independently, which is not contradicted.',
  },
  evidential: {
    redundant:
      "Dempster's rule asks for distinct sources; what these share is counted twice, so that too little stays undecided: expect it to be too sure.",
    opposed:
      "Dempster's rule asks for distinct sources and misses that errors partly cancel: expect it to leave more undecided than needed.",
    interplay: `Dempster's rule asks for distinct sources, which the evidence contradicts; beliefs by modality cannot hold what shows only in both together. ${unseen}`,
    'none-seen': "That sources are distinct, as Dempster's rule asks, is not contradicted, which does not prove it.",
  },
};

const sharedWords =
  'What these share, such as a batch or age, was not seen to matter differently by outcome, nor to reach the opinions of the experts: no concern to a combiner, as far as can be seen, unless other experts use it.';

/** What the findings of all pairs mean for this combiner: a few sentences for each kind of dependence found. */
export function independenceMeaning(combiner: Combiner, pairs: readonly PairIndependence[]): readonly string[] {
  const tested = pairs.filter(({ found }) => found.experts !== 'not-tested' || found.evidence !== 'not-tested');
  if (tested.length === 0) return ['Whether experts are independent was not tested, so what they share is not known.'];
  const meaning = meanings[combiner];
  const said = (words: string, which: (one: PairIndependence['found']) => boolean) => {
    const names = tested.filter(({ found }) => which(found)).map(({ pair }) => pair.join(' and '));
    return names.length > 0 ? [`${names.join('; ')}: ${words}`] : [];
  };
  const sentences = [
    ...said(meaning.redundant, ({ experts }) => experts === 'redundant'),
    ...said(meaning.opposed, ({ experts }) => experts === 'opposed'),
    ...said(meaning.interplay, ({ evidence }) => evidence === 'interplay'),
    ...said(sharedWords, ({ experts, evidence }) => evidence === 'shared' && experts === 'none-seen'),
  ];
  return sentences.length > 0 ? sentences : [meaning['none-seen']];
}

/** What was found of a pair, with its figures; the same whatever combines them. */
export function independenceSentence({ pair, found, experts, evidence }: PairIndependence): string {
  const opinions = experts
    ? ` (correlation given the outcome ${difference(experts.value)}, ${interval(experts.low, experts.high, difference)}, adjusted p ${p(experts.pHolm)})`
    : '';
  const measured = evidence
    ? ` (distance correlation given the outcome ${share(evidence.distanceCorrelation)}, adjusted p ${p(evidence.pHolm)})`
    : '';
  return `${pair.join(' and ')}: ${expertWords[found.experts]}${opinions}; ${evidenceWords[found.evidence]}${measured}.`;
}

function p(value: number): string {
  return value < 0.001 ? pValue(value) : `= ${pValue(value)}`;
}

const expertWords: { readonly [F in ExpertFinding]: string } = {
  redundant: 'the experts err together',
  opposed: 'where one expert errs, the other tends to err the other way',
  'none-seen': 'the experts were not seen to depend on each other',
  'not-tested': 'the experts were not tested',
};

const evidenceWords: { readonly [F in EvidenceFinding]: string } = {
  interplay:
    'the measurements depend on each other, in another way in each class, so that something shows only in both together',
  shared: 'the measurements depend on each other, as a shared batch or age would make them',
  'none-seen': 'the measurements were not seen to depend on each other',
  'not-tested': 'the measurements were not tested',
};

/** Why there is no test for times to an event. */
export const survivalNotTested =
  'Independence was not tested: experts are to be independent given the time of the event, which is not known of censored subjects, and given what is known of these, even independent experts are correlated.';

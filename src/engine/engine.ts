/** What the engine offers, for everything above it and for the public door. The runtimes are apart: one is of Node only. */
export { type CompileOptions, compile, type Program } from './compile/compile.ts';
export type { Slot } from './compile/emit.ts';
export { type ExportOptions, exportProgram } from './compile/export-program.ts';
export { type OpenedProgram, openProgram } from './compile/open-program.ts';
export type { Dim, Shape } from './dim.ts';
export { gradient } from './gradient/gradient.ts';
export {
  type Attended,
  attentionWeights,
  multiHeadAttention,
  readableAttention,
  scaledDotProductAttention,
} from './layer/attention.ts';
export { convolution, dense, embedding, type Layer, type LayerOptions } from './layer/dense.ts';
export { dropout, keepMask } from './layer/dropout.ts';
export { glorotUniform, heUniform, normal, ones, zeros } from './layer/initializers.ts';
export { type BatchNorm, batchNorm, groupNorm, layerNorm, type NormOptions } from './layer/norm.ts';
export { binaryCrossEntropy, type ClassLossOptions, softmaxCrossEntropy, weightedMean } from './loss/classes.ts';
export { logGamma, negativeBinomial, zeroInflatedNegativeBinomial } from './loss/counts.ts';
export { type CoxOptions, coxPartialLikelihood } from './loss/survival.ts';
export { meanSquaredError, quantileLoss } from './loss/value.ts';
export type { DType } from './op.ts';
export {
  abs,
  add,
  and,
  clip,
  div,
  equal,
  erf,
  exp,
  gelu,
  greater,
  greaterOrEqual,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  not,
  poissonDeviance,
  reciprocal,
  relu,
  sigmoid,
  sign,
  silu,
  softplus,
  sqrt,
  square,
  stopGradient,
  sub,
  tanh,
  toFloat,
  where,
} from './ops/arithmetic.ts';
export {
  averagePool,
  type ConvolutionOptions,
  conv,
  convTranspose,
  matMul,
  maxPool,
  type WindowOptions,
} from './ops/contraction.ts';
export {
  chunks,
  concat,
  expand,
  expandDims,
  gather,
  mergeAxes,
  oneHot,
  pad,
  reshape,
  reverse,
  scatterAdd,
  slice,
  splitAxis,
  stack,
  swapAxes,
  transpose,
} from './ops/layout.ts';
export { count, cumSum, logSoftmax, logSumExp, max, mean, min, softmax, sum, variance } from './ops/reduction.ts';
export type { NamedValues, Runtime, RuntimeOptions, RuntimeSession, RuntimeSource, Values } from './session/runtime.ts';
export { Session } from './session/session.ts';
export { buffer, constant, type Initializer, input, type Operand, parameter, type Tensor } from './tensor.ts';
export { type AdamWOptions, adamW, type Optimizer, type SgdOptions, sgd } from './train/optimizer.ts';
export {
  type Checkpoint,
  type Progress,
  type Trained,
  type TrainOptions,
  train,
  type Validation,
} from './train/train.ts';
export { type StepOptions, type StepResult, Trainer, type TrainerOptions, type TrainerState } from './train/trainer.ts';
export { compileTrainingStep, type TrainingProgram, type TrainingStepOptions } from './train/training-step.ts';

import type { Operators } from '../operator.ts';
import { arithmetic } from './arithmetic.ts';
import { averagePool } from './average-pool.ts';
import { circularFunctions } from './circular-functions.ts';
import { convolution } from './convolution.ts';
import { einsum } from './einsum.ts';
import { gathering } from './gathering.ts';
import { gatheringNd } from './gathering-nd.ts';
import { joining } from './joining.ts';
import { matrixProduct } from './matrix-product.ts';
import { maxPool } from './max-pool.ts';
import { normalisation } from './normalisation.ts';
import { ordering } from './ordering.ts';
import { padding } from './padding.ts';
import { piecewiseActivations } from './piecewise-activations.ts';
import { powers } from './powers.ts';
import { reductions } from './reductions.ts';
import { repetition } from './repetition.ts';
import { reshape } from './reshape.ts';
import { resize } from './resize.ts';
import { selection } from './selection.ts';
import { slicing } from './slicing.ts';
import { smoothActivations } from './smooth-activations.ts';
import { softmax } from './softmax.ts';
import { transposition } from './transpose.ts';
import { triangle } from './triangle.ts';
import { withoutGradient } from './without-gradient.ts';

/** Every operator of opset 18 that can be read; a new family is added here. */
export const knownOperators: Operators = {
  ...arithmetic,
  ...averagePool,
  ...circularFunctions,
  ...convolution,
  ...einsum,
  ...gathering,
  ...gatheringNd,
  ...joining,
  ...matrixProduct,
  ...maxPool,
  ...normalisation,
  ...ordering,
  ...padding,
  ...piecewiseActivations,
  ...powers,
  ...reductions,
  ...repetition,
  ...reshape,
  ...resize,
  ...selection,
  ...slicing,
  ...smoothActivations,
  ...softmax,
  ...transposition,
  ...triangle,
  ...withoutGradient,
};

/** The one written layout of a kernel job, read by the kernels (AssemblyScript) and by the TypeScript side: byte offsets. */

// Control: how threads share a job.
/** Raised with every job; threads sleep on it (atomic). */
export const jobGeneration = 0;
/** 1 while pieces may be taken (atomic). */
export const jobOpen = 4;
/** Threads that may hold a piece (atomic). */
export const jobRunning = 8;
/** Next piece (atomic). */
export const jobNext = 12;
export const jobPieces = 16;
export const jobOperation = 20;
/** Scratch of thread i: jobScratch + i · jobScratchBytes. */
export const jobScratch = 24;
export const jobScratchBytes = 28;
/** Arguments of the operation. */
export const jobArguments = 64;
export const jobSize = 192;

// Operations.
export const operationMatmul = 0;
export const operationUnfold = 1;
export const operationFold = 2;
export const operationNnmf = 3;
export const operationDraw = 4;
export const operationInfer = 5;

// Arguments, as offsets from the job. Addresses are bytes, strides and lengths elements.
export const argInput = 64;
export const argOutput = 68;
export const argWeights = 72;
export const argBatch = 76;

// Matrix product.
export const matmulM = 80;
export const matmulN = 84;
export const matmulK = 88;
export const matmulARow = 92;
export const matmulAColumn = 96;
export const matmulABatch = 100;
export const matmulBBatch = 104;
/** 1: the products of all matrices of the batch are summed. */
export const matmulSum = 108;
export const matmulRowBlocks = 112;
/** Rows of the left matrix per piece: a multiple of 4. */
export const matmulBlock = 116;

// Unfold and fold.
export const windowChannels = 80;
export const windowHeight = 84;
export const windowWidth = 88;
export const windowKernelY = 92;
export const windowKernelX = 96;
export const windowStrideY = 100;
export const windowStrideX = 104;
export const windowPaddingY = 108;
export const windowPaddingX = 112;
export const windowDilationY = 116;
export const windowDilationX = 120;
export const windowRows = 124;
export const windowColumns = 128;

// Inference over positions: NNMF iterations, spikes, h-dynamics.
export const inferInputs = 80;
export const inferNeurons = 84;
/** Neurons padded to whole vectors. */
export const inferPadded = 88;
export const inferPositions = 92;
export const inferBlocks = 96;
/** Positions per piece. */
export const inferBlock = 16;
export const nnmfIterations = 100;
/** float32; not a number: the purely multiplicative update. */
export const nnmfEpsilon = 104;
export const sbsSpikeCount = 100;
/** int32 [batch, spike, position]; 0 where the spikes are drawn. */
export const sbsSpikes = 104;
/** float32 [padded neuron]. */
export const sbsInitial = 108;
/** float32 [position]. */
export const sbsEpsilonXY = 112;
/** float32 [spike]. */
export const sbsEpsilonT = 116;
export const sbsSeedLow = 120;
export const sbsSeedHigh = 124;
export const sbsPurpose = 128;
export const sbsItem = 132;
export const sbsElement = 136;

/** Buckets of the table that guides the search for a spike's input. */
export const guideSize = 256;

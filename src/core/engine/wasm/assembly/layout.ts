/**
 * The one written layout of the simulator's memory: byte offsets of the fields of its records, read by the kernels
 * (AssemblyScript) and by the TypeScript side alike.  Pointers are byte addresses; scratch fields are byte offsets from the
 * scratch of the worker (or of the shard, when it is stepped).
 */

// Shard: a part of the network that shares no state with the others.
export const shardLayerCount = 0;
export const shardLayers = 4;
export const shardConnectionCount = 8;
export const shardConnections = 12;
/** Images learned from in the present job (atomic). */
export const shardProgress = 16;
/** 1 while a worker has the shard (atomic). */
export const shardBusy = 20;
/** 1: connections onto later layers deliver within the step. */
export const shardSameStep = 24;
export const shardSize = 32;

// Layer. Kinds: 0 input, 1 leaky, 2 defined.
export const layerKind = 0;
/** Neurons, padding included. */
export const layerSize = 4;
export const layerPositions = 8;
/** Channels of a position, padded to whole vectors. */
export const layerChannels = 12;
export const layerDecay = 16;
export const layerRest = 20;
export const layerReset = 24;
export const layerThresh = 28;
export const layerRefracSteps = 32;
export const layerThetaPlus = 36;
export const layerThetaDecay = 40;
/** float32 [neuron]: the part of theta that float32 leaves out, for its exact decay; 0: it decays stepwise. */
export const layerThetaCarry = 44;
export const layerResetDrop = 48;
/** float32 [neuron]; padding holds Infinity, so that it never spikes. */
export const layerTheta = 52;
/** int32 [neuron of the whole layer] → neuron of the shard or −1; 0: the same numbers. */
export const layerInputMap = 56;
/** uint32 [position]: where the position's counts begin in an image's row of counts; 0: not counted. */
export const layerCountBase = 60;
/** float32 [steps since the spike]: the trace that a spike leaves as a source and as a target. */
export const layerTracePre = 64;
export const layerTracePost = 68;
// Scratch offsets.
export const layerVoltage = 72;
export const layerRefracCount = 76;
export const layerInput = 80;
/** int32 [neuron]: step of the last spike, −1: none. */
export const layerLastSpike = 84;
/** uint32 [neuron]: spikes of this step, ascending. */
export const layerSpikes = 88;
/** uint32 [neuron]: per position, the channels that have spiked since the reset, in order of their first spike. */
export const layerActive = 92;
/** uint32 [position]: how many they are. */
export const layerActiveCount = 96;
/** float32 [neuron]: scaled target traces of a step; 0 where the neuron has not spiked. */
export const layerDelta = 100;
/** Bytes from one position's theta to the next: whole cache lines, so that threads do not write to one line. */
export const layerThetaStride = 104;
/** Part of theta that a step of exact decay takes. */
export const layerThetaLoss = 108;
// Of defined neurons.
/** Number of its step function. */
export const layerModel = 112;
/** Descriptions of the arrays that a step reads or writes, and how many they are. */
export const layerArrays = 116;
export const layerArrayCount = 120;
/** Scratch offset of their addresses for one position. */
export const layerAddresses = 124;
/** Scratch offset: uint8 [channels / 4, padded to words of 64 bits]: a bit for every neuron of a position that spikes in this step. */
export const layerFired = 128;
/** Channels of a position that are no padding. */
export const layerRealChannels = 132;
/** Scratch offset: float32 [neuron], 1 where it spiked in the step before; 0: the equations do not ask. */
export const layerSpiked = 136;
// Of all neurons.
/** Address: uint8 [neuron], whether the next step forces or forbids its spike (`clampForced`, `clampForbidden`); 0: nothing does. */
export const layerClamp = 140;
/** Scratch offset: float32 [neuron], the values that neurons without spikes hand on; 0: they spike. */
export const layerEmitted = 144;
export const layerRecordSize = 152;

export const clampForced = 1;
export const clampForbidden = 2;
/** Within the step: the neuron spikes of itself. */
export const clampOwn = 4;

// Array of a defined layer.
/** 1: `base` is an address; 0: a scratch offset. */
export const arrayIsShared = 0;
export const arrayBase = 4;
/** Bytes from one position to the next. */
export const arrayStride = 8;
/** Address of the values at a reset, for the positions of the shard; 0: it outlives an image, or never changes. */
export const arrayInitial = 12;
export const arrayRecordSize = 16;

// Connection. Kinds: 0 synapses, 1 uniform.
export const connectionKind = 0;
/** Indices of the shard's layers. */
export const connectionSource = 4;
export const connectionTarget = 8;
/** float32 [row, padded column]. */
export const connectionWeights = 12;
/** Padded length of a row [floats]. */
export const connectionRowLength = 16;
export const connectionRows = 20;
/** Columns that are no padding. */
export const connectionColumns = 24;
/** 1: source i reaches row i, which falls on target 0. */
export const connectionIdentity = 28;
/** Fan-out: uint32 [source + 1], uint32 [entry] rows and targets. */
export const connectionStart = 32;
export const connectionRow = 36;
export const connectionEntryTarget = 40;
/** Fan-in by target position: uint32 [position + 1], uint32 [entry] sources and rows. */
export const connectionFanInStart = 44;
export const connectionFanInSource = 48;
export const connectionFanInRow = 52;
/** 1: post-pre learning. */
export const connectionRule = 56;
export const connectionPlastic = 60;
export const connectionNuPre = 64;
export const connectionNuPost = 68;
export const connectionWeightDecay = 72;
export const connectionMin = 76;
export const connectionMax = 80;
export const connectionMaskSelf = 84;
/** float64; 0: not normalised. */
export const connectionNorm = 88;
export const connectionGroups = 96;
/** 1: every column summed to the norm before the present image. */
export const connectionNormalized = 100;
/** uint8 [group, padded column]: columnChanged, columnOutOfBounds. */
export const connectionColumnFlags = 104;
/** Number of columns out of bounds. */
export const connectionOutOfBounds = 108;
/** float32 weight of a uniform connection. */
export const connectionWeight = 112;
/** 1: it has learned since it was last normalised. */
export const connectionLearned = 116;
/** uint32 [row, padded column]: all bits where there is a synapse, none where the weight is held at 0; 0: synapses everywhere. */
export const connectionMask = 120;
/** Scratch offset of the target's input that it adds to. */
export const connectionInput = 124;
/** Sources that may have entries. */
export const connectionSources = 128;
export const connectionRecordSize = 136;

export const columnChanged = 1;
export const columnOutOfBounds = 2;

// Scratch: per layer the address and number of this step's spikes and their number since the reset, then the layers' arrays.
export const scratchSpikeLists = 0;
export const scratchSpikeCount = 4;
export const scratchSpikeTotal = 8;
export const spikeListSize = 12;

// Job: a batch of images.
export const jobLearn = 0;
export const jobSteps = 4;
export const jobImageCount = 8;
/** uint32 [shard]: their addresses. */
export const jobShards = 12;
export const jobShardCount = 16;
/** Index of the input layer. */
export const jobInputLayer = 20;
/** uint32 [image]: address of steps + 1 offsets, followed by the spiking neurons. */
export const jobEvents = 24;
/** uint16 [image, window, neuron]. */
export const jobCounts = 28;
/** Neurons per window in the counts. */
export const jobCountSize = 32;
/** Next piece of work (atomic). */
export const jobNext = 36;
// Encoding of a batch.
export const jobPixels = 40;
/** uint8 [image, pixel]. */
export const jobImages = 44;
/** uint32 [image]. */
export const jobItems = 48;
export const jobSeedLow = 52;
export const jobSeedHigh = 56;
export const jobPurpose = 60;
export const jobThresholds = 64;
export const jobGuide = 68;
/** Space for the events: first free byte (atomic), end; 1 where it was too small. */
export const jobArenaNext = 72;
export const jobArenaEnd = 76;
export const jobOverflow = 80;
/** Windows of the counts per image, and their length [steps]. */
export const jobCountWindows = 84;
export const jobCountEvery = 88;
/** uint32 [image, layer]: spikes of whole layers (atomic). */
export const jobSpikeTotals = 92;
export const jobSize = 96;

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
/** 1: something reaches layers before they are stepped: biases, or spikes of the same step. */
export const shardHasArrivals = 24;
/** Scratch offset and number of the signals that its rules read: float32. */
export const shardSignals = 28;
export const shardSignalCount = 32;
/** Of minibatches. Scratch offset: one over the number of images; 0: no rule takes a mean. */
export const shardShare = 36;
/** Sources of delayed connections: layers that follow the others in the list, which repeat their spikes late. */
export const shardRelayCount = 40;
/** 1: spikes of the last steps are kept. */
export const shardKeepsPast = 44;
export const shardSize = 48;

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
/** Descriptions of what its neurons draw, and how many they are. */
export const layerDraws = 136;
export const layerDrawCount = 140;
/** Number of the shard's first four neurons among all of the layer. */
export const layerFirstBlock = 144;
/** 1: the draws of this step are data, and lie there already. */
export const layerDrawsGiven = 148;
/** 1: of the neurons that may spike in a step one does. */
export const layerIsExclusive = 152;
export const layerSelectionKeyLow = 156;
export const layerSelectionKeyHigh = 160;
/** int32: that neuron, −1: none, −2: it is drawn. */
export const layerChoice = 164;
/** Scratch offset: int32 [neuron], −1 where it spiked in the step before, else 0; 0: equations do not ask. */
export const layerSpiked = 168;
/** Scratch offset: four words. */
export const layerSelectionWords = 172;
// Of all neurons.
/** Address: uint8 [neuron], whether the next step forces or forbids its spike (`clampForced`, `clampForbidden`); 0: nothing does. */
export const layerClamp = 176;
/** Scratch offset: float32 [neuron], the values that neurons without spikes hand on; 0: they spike. */
export const layerEmitted = 180;
/** Of the sources of delayed connections. Steps of which the spikes are kept; 0: it is none. */
export const layerPastSteps = 184;
/** Scratch offset, by step modulo their number: how many neurons spiked, and these: uint32. */
export const layerPast = 188;
/** Bytes from one step to the next. */
export const layerPastStride = 192;
/** Scratch offsets of variables that are kept of these steps too, each with that of its values [step, neuron]; and how many they are. */
export const layerPastValues = 196;
export const layerPastValueCount = 200;
/** Of relays. The layer that it repeats, by how many steps late, and scratch offsets of its copies of the kept variables, in their order. */
export const layerRelayOf = 204;
export const layerLag = 208;
export const layerRelayValues = 212;
export const layerRecordSize = 216;

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

// Draw of a defined layer.
/** Scratch offset: float32 [neuron]. */
export const drawOffset = 0;
/** 1: normal; 0: uniform. */
export const drawIsNormal = 4;
export const drawKeyLow = 8;
export const drawKeyHigh = 12;
export const drawRecordSize = 16;

/**
 * Connection. Kinds: what the target receives. 0: at spikes the weights, 1: a uniform weight, 2: in every step weight · what the source emits,
 * 3: what a synapse model sends. With weights that are not in rows, or a delay for each: 4 as 0, 5 as 2. 6: the weights times the mean of
 * the spikes, 7: at the spikes of the sources with the highest rates the weights.
 */
export const connectionKind = 0;
export const kindUniform = 1;
export const kindEmitted = 2;
export const kindModel = 3;
export const kindSingle = 4;
export const kindSingleEmitted = 5;
export const kindMean = 6;
export const kindMax = 7;
/** Indices of the shard's layers. */
export const connectionSource = 4;
export const connectionTarget = 8;
/** float32 [row, padded column]. */
export const connectionWeights = 12;
/** Padded length of a row [floats]; of a uniform connection, the neurons that compete, padding included. */
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
/** 0: none, 1: pair STDP, 2: compiled, 3: compiled for single synapses. */
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
/** 1: weights onto targets that have not spiked can change too. */
export const connectionChangesAll = 120;
/** Of a compiled rule: address of its record. */
export const connectionEquations = 124;
/** uint32 [row, padded column]: all bits where there is a synapse, none where the weight is held at 0; 0: synapses everywhere. */
export const connectionMask = 128;
/** Scratch offset of the target's input that it adds to. */
export const connectionInput = 132;
/** Sources that may have entries. */
export const connectionSources = 136;
/** Of a synapse model: address of its record. */
export const connectionModel = 140;
/** 1: a weight is a synapse, in the order of their sources: `connectionRow` is missing, and normalisation has a column for every target. */
export const connectionSparse = 144;
/** 1: some of it arrives within the step of the spike; 1: some of it later. */
export const connectionNow = 148;
export const connectionLater = 152;
/** uint8 [row, column padded to `connectionDelayStride`]: steps of the delay of each synapse; 0: all have one. */
export const connectionDelays = 156;
export const connectionDelayStride = 160;
/** Longest of them. */
export const connectionLongest = 164;
/** Scratch offset of what the source emitted in the last steps [step, neuron]. */
export const connectionPastEmitted = 168;
/** float64 [target]: room for the sums of sparse connections; 0: not normalised. */
export const connectionSums = 172;
/** Neurons of the source, padding not included. */
export const connectionSourceSize = 176;
/** Address: float32 [neuron], what the targets of the shard receive in every step; 0: nothing. */
export const connectionBias = 180;
/** Of max pooling. Scratch offset: float32 [source], the rates; and the share of them that a step takes. */
export const connectionRates = 184;
export const connectionRateDecay = 188;
/** Addresses: float32 [row, padded column], bounds of every weight; 0: the same for all. */
export const connectionLows = 192;
export const connectionHighs = 196;
/** Equal groups of rows whose columns sum to the norm. */
export const connectionNormGroups = 200;
/** Of sparse synapses with delays. Scratch offset of what is on its way; and number of its chunks. */
export const connectionArrivals = 204;
export const connectionArrivalsChunks = 208;
export const connectionRecordSize = 216;
// Spikes on their way along a connection.
/** Addresses of the first chunk that was used and is free (0: none), and of the chunks that never were used; and number of both. */
export const arrivalsFree = 0;
export const arrivalsUnused = 4;
export const arrivalsFreeCount = 8;
/** First and last step whose spikes are searched; −1: none. */
export const arrivalsSearched = 12;
export const arrivalsSearchedTo = 16;
/** By step modulo the longest delay: address of the first chunk, and of what comes next. */
export const arrivalsSlots = 24;
/** Bytes of a chunk: pairs of a target and a synapse, and the address of the next chunk in the place of the last pair. */
export const arrivalsChunk = 256;
export const arrivalsPair = 8;
/** Pairs that a chunk holds. */
export const arrivalsPairs = 31;

// Compiled rule.
/** Addresses and numbers of its traces, of the arrays that its passes read or write, of its state, and of its passes. */
export const ruleTraces = 0;
export const ruleTraceCount = 4;
export const ruleArrays = 8;
export const ruleArrayCount = 12;
export const ruleStates = 16;
export const ruleStateCount = 20;
export const rulePasses = 24;
export const rulePassCount = 28;
/** Scratch offset of the addresses of its arrays. */
export const ruleAddresses = 32;
/** Scratch offset: int32 [target], −1 where it spikes in this step. */
export const ruleTargetSpikes = 36;
/** Scratch offsets: by target position the number of vectors with a spike, and where in a row they lie [bytes]. */
export const ruleBlockCounts = 40;
export const ruleBlocks = 44;
/** 1: several synapses share a weight. */
export const ruleIsShared = 48;
/** Sources of the connection. */
export const ruleSourceCount = 52;
/** Scratch offsets as of the spikes of a step, but of targets that have spiked since the reset. */
export const ruleTargetActive = 56;
export const ruleActiveCounts = 60;
export const ruleActiveBlocks = 64;
/** Scratch offset: rows that wait for their visit. */
export const ruleEntries = 68;
/** 1: a variable was set by hand since the reset, so that every neuron counts as one that has spiked. */
export const ruleIsSetByHand = 72;
/** 1: a pass visits synapses between silent neurons. */
export const ruleIsIdle = 76;
/** Of lazy visits. Scratch offset: int32, steps in which it has learned since the reset; 0: visits are not lazy. */
export const ruleLearned = 80;
/** Of lazy visits. 1: state of synapses outlives an image. */
export const ruleOutlives = 84;
/** Of single synapses: address of the record that says how their arrays are gathered; 0: rows are visited. */
export const ruleSingle = 88;
/** 1: synapses that share a weight change it by the sum of what each makes of it. */
export const ruleIsSummed = 92;
export const ruleRecordSize = 96;

// Rule of single synapses.
/** Descriptions of the arrays that are gathered, and how many they are. */
export const singleArrays = 0;
export const singleArrayCount = 4;
/** Steps of which what synapses see of the source is kept. */
export const singleSteps = 8;
/** Scratch offsets: int32 [source], step of the first spike, −1: none; and uint8 [step, source], whether it spiked. */
export const singleFirst = 12;
export const singleMarks = 16;
/** Scratch offset: synapses that wait for their visit, by spikes of source and target. */
export const singleWaiting = 20;
/** Scratch offset of the entry that kernels are given. */
export const singleEntry = 24;
export const singleRecordSize = 28;
export const mostSingle = 256;

// Synapse that waits: numbers of weight, source and target; steps since it saw the source.
export const waitingWeight = 0;
export const waitingSource = 4;
export const waitingTarget = 8;
export const waitingLag = 12;
export const waitingSize = 16;

// Array that is gathered.
/** Of synapses, sources or targets. */
export const gatherOf = 0;
export const gatherSynapse = 0;
export const gatherSource = 1;
export const gatherTarget = 2;
/** 1: `gatherBase` is an address; 0: a scratch offset. */
export const gatherIsShared = 4;
export const gatherBase = 8;
/** Scratch offset of the gathered values. */
export const gatherValues = 12;
/** Of sources. Scratch offset: the values of the last steps [step, source]. */
export const gatherPast = 16;
/** 1: a visit changes it. */
export const gatherIsChanged = 20;
export const gatherRecordSize = 24;

// Synapse model of a connection.
/** As the fields of a rule: arrays that its kernels read or write, scratch offset of their addresses, state, rows that wait. */
export const modelArrays = 0;
export const modelArrayCount = 4;
export const modelAddresses = 8;
export const modelStates = 12;
export const modelStateCount = 16;
export const modelEntries = 20;
/** Addresses and numbers of its passes. */
export const modelPasses = 24;
export const modelPassCount = 28;
/** Number of the first row among all of the connection. */
export const modelFirstRow = 32;
export const modelRecordSize = 36;

// Pass of a synapse model.
/** 1: of the sources that spike; 0: of all. */
export const modelPassOfSpikes = 0;
/** int32: numbers of the kernels of sources and of rows of synapses, −1: none. */
export const modelPassSources = 4;
export const modelPassRows = 8;
/** Descriptions of what the synapses of a row draw, as those of a layer, and how many they are. */
export const modelPassDraws = 12;
export const modelPassDrawCount = 16;
export const modelPassRecordSize = 20;

// Row that waits for its visit: byte offsets in arrays of synapses, sources and targets.
export const entryRow = 0;
export const entrySource = 4;
export const entryTarget = 8;
/** Bytes of the row, or of the list of its vectors; and that list. */
export const entryExtent = 12;
export const entryList = 16;
export const entrySize = 20;
export const mostEntries = 128;

// Trace of a compiled rule.
/** 0: of the source, 1: of the target. */
export const traceSide = 0;
/** Scratch offsets of the trace and of what equations see of it: the same, or its values before the spikes of the step. */
export const traceValues = 4;
export const traceSeen = 8;
export const traceBytes = 12;
export const traceDecay = 16;
export const traceScale = 20;
/** 1: a spike adds the scale; 0: it sets the trace to it. */
export const traceAdds = 24;
/**
 * Of sources, where a spike sets the trace: address of what is left of the scale after so many steps, so that a trace need not be
 * decayed until it is read; 0: it is decayed in every step.
 */
export const traceTable = 28;
export const traceRecordSize = 32;

// Array of a compiled rule.
/** 1: `base` is an address; 0: a scratch offset. */
export const ruleArrayIsShared = 0;
export const ruleArrayBase = 4;
export const ruleArrayRecordSize = 8;

// State of synapses that a reset clears.
export const stateOffset = 0;
export const stateBytes = 4;
/** Address of the initial values; 0: all have the one that follows. */
export const stateInitial = 8;
export const stateValue = 12;
export const stateRecordSize = 16;

// Pass of a compiled rule.
/** Number of its first kernel; `emit-rules.ts` lists the kernels of a pass. */
export const passKernel = 0;
/** When it visits synapses between silent neurons; of sources, and of targets, that spike. */
export const passIdle = 4;
export const passSource = 8;
export const passTarget = 12;
/** 1: looks at the weight alone. */
export const passOfWeight = 16;
/** Of minibatches. 1: once for all images. */
export const passForAll = 20;
/** Passes from this one on that a weight which synapses share takes one after the other; 0: it belongs to those before. */
export const passGroup = 24;
export const passRecordSize = 28;
/** When a pass visits: never, where the partner, or both, have spiked since the reset, or always. */
export const never = 0;
export const whereActive = 1;
export const always = 2;

export const columnChanged = 1;
export const columnOutOfBounds = 2;

// Scratch: per layer the address and number of this step's spikes and their number since the reset, then the layers' arrays.
export const scratchSpikeLists = 0;
export const scratchSpikeCount = 4;
export const scratchSpikeTotal = 8;
export const spikeListSize = 12;

// Block of steps: without images, from the present state on.
/** Step of the first, and how many they are. */
export const blockFirst = 0;
export const blockSteps = 4;
export const blockLearn = 8;
/** uint32 [layer]: of input layers the address of steps + 1 offsets, followed by the neurons that spike; 0: none do. */
export const blockInputs = 12;
/** uint32 [layer]: where its spikes are written, in the same form; 0: they are not. */
export const blockSpikes = 16;
/** float32 [step, signal]. */
export const blockSignals = 20;
export const blockSize = 24;

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
/** float32 [signal], and bytes from one image's to the next and from one step's to the next. */
export const jobSignals = 96;
export const jobSignalImage = 100;
export const jobSignalStep = 104;
/** Images that learn at once, and bytes from one image's scratch to the next. */
export const jobMembers = 108;
export const jobScratchStride = 112;
export const jobSize = 120;

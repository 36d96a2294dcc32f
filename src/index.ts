/** The public API of Locus. Importing it registers the engines, and does nothing else. */
import './node/engines.js';

/** Networks of the published table: `train → calibrate → calculateAccuracy → save`. */
export {
  type AccuracyOptions,
  bestAvgSpikes,
  C_SNN,
  type CalibrateOptions,
  type CompetitionBalance,
  type CompetitionDistribution,
  competitionDistribution,
  defaultParameters,
  FC_SNN,
  type ContinueOptions,
  type Fed,
  type FeedOptions,
  type ImportOptions,
  type ImportedNetworks,
  importNetwork,
  importNetworks,
  type ImportNetworksOptions,
  LC_SNN,
  loadNetwork,
  loadNetwork as load_network,
  type NetworkType,
  type Origin,
  type Progress,
  resumeTraining,
  Snn,
  type SnnOptions,
  type SnnParameterName,
  type SnnParameters,
  snnParameterNames,
  snnParameterSpecs,
  type Recorded,
  type Trained,
  type TrainOptions,
  type LearnedImage,
  type TrainingMoment,
  type TrainingObserver,
  type WatchOptions,
} from './kinds/snn/index.js';

/** Networks of every kind: trained from the beginning to the database; kinds of your own. */
export { trainNetwork, type TrainedNetwork } from './kinds/train-network.js';
export type { LifecycleOptions, Outcome } from './kinds/lifecycle.js';
export { type KindCommands, type KindEntry, registerKind } from './kinds/registry.js';
export type { ArrayShape, RecordShape } from './kinds/record-shape.js';
export type {
  Identity,
  Kind,
  KindOptions,
  NetworkRun,
  OpenOptions,
  SaveRunOptions,
  StoredNetwork,
  TrainingUnit,
} from './kinds/kind.js';
export type { ProgressDisplay, Watch, WatchCallbacks } from './watch/watch.js';

/** Converted networks and their ReLU networks out of the database. */
export { ConvertedModel, type ConvertedModelOptions, loadConvertedModel } from './kinds/converted/index.js';
export { loadReluModel, ReluModel } from './kinds/relu/index.js';

/** Deep networks of layers out of the database, and layers, losses and optimisers for custom networks. */
export {
  type ClassifyOptions,
  LayeredNetwork,
  type LayeredOptions,
  loadLayeredNetwork,
  type RobustnessOptions,
} from './kinds/layered/index.js';
export * from './layers/index.js';
export * from './kinds/nnmf/index.js';
export * from './kinds/sbs/index.js';
export type { TrainingEntry, TrainingState } from './kinds/layered/index.js';

/** Custom networks in the database. */
export {
  type EncoderSettings,
  loadSavedNetwork,
  type LoadSavedOptions,
  packSavedNetwork,
  type SavedMoment,
  type SavedNetwork,
  saveNetwork,
  type SaveNetworkOptions,
} from './kinds/network/index.js';

/** Custom networks: layers by name, connections between them, monitors, `run`. */
export { Network, type NetworkParameters, type RunOptions } from './core/network/network.js';
export type {
  Checkpoint,
  CountsOfImages,
  GivenOfImages,
  OfImage,
  Presented,
  PresentImagesOptions,
} from './core/network/present/present-options.js';
export type { Images } from './core/network/present/shown-images.js';
export type { RunSignal } from './core/network/rule-inputs.js';
export type {
  ConnectionOutline,
  LayerOutline,
  NetworkOutline,
} from './core/network/outline-network.js';
export type { NetworkState, NetworkStateJson } from './core/network/network-state.js';
export { type BuildOptions, networkFromDescription } from './core/network/description/build-network.js';
export type { DescribedNetwork, NetworkDescription } from './core/network/description/describe-network.js';
export { type PartClass, registerPart } from './core/network/description/parts.js';
export type { GivenInputs, GivenValues } from './core/network/run-inputs.js';
export type { FloatArrays, Floats, Precision } from './core/precision.js';
export type { Propagation } from './core/network/program.js';
export {
  Monitor,
  type MonitorParameters,
  type MonitorVariable,
  type Recording,
  type Timing,
} from './core/network/monitors.js';

/** Layers. */
export {
  AdaptiveLIF,
  decayPerStep,
  IF,
  Input,
  type LayerDescription,
  type LayerParameters,
  type LeakyParameters,
  LIF,
  SpikeSource,
  type SpikeSourceParameters,
  type NeuronConstants,
  type NeuronModel,
  type NeuronState,
  type NeuronStep,
} from './core/network/nodes/index.js';

/** Neuron models as equations. */
export {
  defineNeuron,
  type DefinedLayer,
  type DefinedNeuron,
  type DefinedParameters,
} from './core/definitions/define-neuron.js';
export type {
  InitialValue,
  NeuronDefinition,
  Quantity,
  RefractoryDefinition,
  Selection,
} from './core/definitions/neuron-definition.js';
export type { ParameterDistribution, ParameterValue } from './core/definitions/parameter-values.js';
export type { Distribution, Draw } from './core/random/draws.js';
export {
  AdEx,
  BoostedLIF,
  ConductanceLIF,
  CSRM,
  csrmKernels,
  CurrentLIF,
  DiehlAndCook,
  Izhikevich,
  McCullochPitts,
  NoisyLIF,
  PoissonSource,
  SRM0,
  type EtaKernelOptions,
  type KernelOptions,
} from './core/models/index.js';

/** Learning rules as equations. */
export {
  defineRule,
  type DefinedLearningRule,
  type DefinedRule,
  type DefinedRuleParameters,
  type TraceOptions,
} from './core/definitions/define-rule.js';
export type { NeuronVariable, RuleDefinition, TraceDefinition } from './core/definitions/rule-definition.js';
export {
  Hebbian,
  MSTDP,
  MSTDPET,
  Oja,
  RewardPrediction,
  type RewardPredictionParameters,
  Rmax,
  TripletStdp,
  VogelsSprekeler,
  WeightDependentPostPre,
} from './core/rules/index.js';

/** Synapse models as equations. */
export {
  defineSynapse,
  type DefinedSynapse,
  type DefinedSynapseParameters,
  type SynapseModel,
  type SynapseParameterValue,
} from './core/definitions/define-synapse.js';
export type { SendMoment, SynapseDefinition } from './core/definitions/synapse-definition.js';
export { GapJunction, StochasticRelease, SynapticFeatures, TsodyksMarkram } from './core/synapses/index.js';

export { type LayerShape, parseShape, type ShapeLike } from './core/network/shape.js';

/** Connections, and what a custom topology lays out: `wire` gives a `Wiring`, whose rows `buildFanOut` lists. */
export {
  AllButOwnConnection,
  AvgPool1dConnection,
  AvgPool2dConnection,
  type AvgPool2dParameters,
  AvgPool3dConnection,
  buildFanOut,
  Connection,
  type ConnectionParameters,
  Conv1dConnection,
  Conv2dConnection,
  Conv3dConnection,
  type ConvParameters,
  type Delivery,
  type FanOut,
  type InitialWeights,
  type KernelParameters,
  LateralCompetition,
  LateralConnection,
  Local1dConnection,
  Local2dConnection,
  Local3dConnection,
  LocalConnection,
  MaxPool1dConnection,
  MaxPool2dConnection,
  MaxPool3dConnection,
  type MaxPoolParameters,
  MeanFieldConnection,
  type MeanFieldParameters,
  OneToOneConnection,
  PadConnection,
  type PadParameters,
  type PairList,
  PermuteConnection,
  type PermuteParameters,
  type PoolParameters,
  SparseConnection,
  type SparseParameters,
  type SynapseParameters,
  SynapticConnection,
  type WindowParameters,
  type Sides as WindowSides,
  type WireContext,
  type Wiring,
} from './core/network/topology/index.js';

export type { Delay } from './core/network/delays.js';

/** Learning rules. */
export {
  type LearningRule,
  NoOp,
  PostPre,
  type PostPreParameters,
  type SynapseStep,
} from './core/network/learning/index.js';

/** Networks of the literature, ready to run. */
export * from './zoo/index.js';

/** Engines: what runs a network. */
export {
  type Engine,
  getEngine,
  listEngines,
  type Presentation,
  type PresentOptions,
  registerEngine,
  type Simulation,
} from './core/network/simulation.js';

/** The engine that is fastest for a network here, by measuring; what a GPU engine runs on. */
export {
  chooseEngine,
  describeChoice,
  type EngineChoiceMade,
  type EngineTrial,
  type PlannedWork,
} from './bench/index.js';

/** Encoders: from brightness to spikes. */
export {
  bernoulli,
  type Brightness,
  constant,
  type Encoder,
  type EncoderName,
  type EncoderOptions,
  encoders,
  getEncoder,
  poisson,
  rankOrder,
  repeat,
  single,
} from './core/encoding/index.js';
export { type SpikeTrain, spikeTrainFromEvents, spikeTrainFromRaster } from './core/encoding/spike-train.js';
export { RandomStream } from './core/random/stream.js';

/** Statistics of spikes, and of what monitors recorded: rates, intervals, synchrony. */
export * from './analysis/index.js';

/** Data sets: embedded, from a local folder, or downloaded. */
export {
  addNoise,
  cropCentre,
  type Dataset,
  type DatasetDescription,
  type DatasetName,
  datasetNames,
  type DatasetOptions,
  type DatasetSource,
  describeDatasets,
  downloadDataset,
  type DownloadOptions,
  findBestMnist,
  type ImageOptions,
  type ImageSet,
  loadDataset,
  loadImage,
  loadSplit,
  registerDataset,
  type SplitName,
} from './datasets/index.js';

/** Readout: from spike counts to classes, and how good they are. */
export {
  accuracyPerLabel,
  assignLabels,
  type AssignmentMethod,
  assignmentMethods,
  type AssignOptions,
  calibrateVotes,
  confusionMatrix,
  countNgrams,
  type FitOptions,
  type FittedMethod,
  fittedMethods,
  type LabelAssignment,
  type Labels,
  type LinearClassifier,
  type NgramOptions,
  type NgramScores,
  packSpikeCounts,
  predictByAssignment,
  type Predictions,
  predictByClassifier,
  predictByNgrams,
  predictByVotes,
  Readout,
  type ReadoutInput,
  type ReadoutJson,
  type ReadoutMethod,
  type ReadoutScore,
  readoutMethods,
  type Score,
  scorePredictions,
  type SpikeCounts,
  trainLinearClassifier,
  type VotingMethod,
  votingMethods,
} from './readout/index.js';

/** In what two stored networks differ. */
export {
  type ArrayDistance,
  diffNetworks,
  type NetworkDifference,
  type Sides,
} from './kinds/diff-networks.js';
export type { SetPart, TimelinePart, TrainedPart } from './kinds/snn/timeline.js';

/** Arrays as NumPy writes them. */
export { type NpyArray, type NpyData, type NpyDtype, readNpy, writeNpy } from './formats/npy.js';
export { readNpz } from './formats/npz.js';
export { writeRecordings, type WriteRecordingsOptions } from './formats/write-recordings.js';

/** The database of networks, also under the published names. */
export { clean_database, cleanDatabase, type CleanedDatabase } from './kinds/clean-database.js';
export {
  type Ancestor,
  type CleanReport,
  type DatabaseEntry,
  type DatabaseCells,
  type DatabaseRow,
  delete_network,
  deleteNetwork,
  type FilterRange,
  formatTable,
  type ListOptions,
  type NetworkFilter,
  type NetworkRecord,
  NetworkStore,
  openStore,
  rename_network,
  renameNetwork,
  view_database,
  viewAncestors,
  viewDatabase,
  type ViewOptions,
  viewNetwork,
} from './store/index.js';

/**
 * Figures: pure functions from plain results to `Figure` (Plotly's `{ data, layout }`), which is shown, written as HTML, PNG,
 * SVG or PDF, or embedded.  Networks have them as methods; `plotDatabase` draws all stored networks.
 */
export * from './figures/index.js';
export { plotDatabase } from './kinds/plot-database.js';

/** Conversion: a trained ReLU network without biases becomes a network of integrate-and-fire neurons. */
export {
  type Architecture,
  evaluateRelu,
  makeReluNetwork,
  parseArchitecture,
  readNpyNetwork,
  type ReluEpoch,
  type ReluNetworkOptions,
  ReluTraining,
  type ReluTrainingOptions,
} from './kinds/relu/index.js';
export {
  compareRates,
  convert,
  ConvertedNetwork,
  type ConvertOptions,
  type LayerScale,
  type Normalization,
  type RateComparison,
  type SpikingLayer,
  type SpikingResult,
  type SpikingRunOptions,
  SpikeTally,
  type TrainData,
} from './kinds/converted/index.js';

/** The published table: its rows, and networks that reproduce them. */
export {
  formatReproduction,
  reproduceTable,
  type Reproduction,
  type ReproduceOptions,
  tableRows,
} from './experiments/index.js';
export { reproductionFigure } from './experiments/reproduction-figure.js';
export { searchFigure } from './experiments/search-figure.js';

/** Health of a training, without labels. */
export {
  describeHealth,
  type HealthNumbers,
  type HealthQuery,
  type TrainingHealth,
  trainingHealth,
} from './readout/index.js';

/** The one error class that callers can act on: by its `code`. */
export { LocusError, type LocusErrorCode } from './errors.js';

/** Version of the code, as it is stored with every network. */
export { version } from './version.js';

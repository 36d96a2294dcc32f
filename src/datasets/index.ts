/** The data sets, behind one interface: embedded, from a local folder, or downloaded. */
export { addNoise } from './add-noise.js';
export { parseCifarBatch } from './cifar-binary.js';
export { loadCifarBatch } from './cifar10.js';
export { cropCentre } from './crop-centre.js';
export { resolveDataDir } from './data-files.js';
export {
  type Dataset,
  type DatasetDescription,
  type DatasetOptions,
  describeDatasets,
  findBestMnist,
  loadDataset,
  loadSplit,
} from './dataset.js';
export type { Availability, DatasetSource } from './dataset-source.js';
export {
  type Download,
  type DownloadedFile,
  type DownloadOptions,
  type DownloadProgress,
  downloadDataset,
} from './download/download-dataset.js';
export { parseIdxImages, parseIdxLabels } from './idx.js';
export { type ImageSet, type SplitName, splitNames } from './image-set.js';
export { type ImageOptions, loadImage } from './load-image.js';
export { type DatasetName, datasetNames, listDatasets, registerDataset } from './registry.js';

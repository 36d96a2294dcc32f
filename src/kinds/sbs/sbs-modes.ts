/** `data_mode` of a configuration: the reference program's names of the data sets. */
import type { DatasetSource } from '../../datasets/dataset-source.js';
import { listDatasets } from '../../datasets/registry.js';

export function listSbsModes(): string[] {
  return listDatasets().flatMap(({ sbs }) => sbs?.mode ?? []);
}

export function findSbsDataset(mode: string): DatasetSource | undefined {
  return listDatasets().find(({ sbs }) => sbs?.mode === mode);
}

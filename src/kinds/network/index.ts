/** Custom networks in the database. */
import './kind.js';

export type { EncoderSettings } from './encoder-settings.js';
export type { SavedMoment } from './restore-network.js';
export {
  type LoadSavedOptions,
  loadSavedNetwork,
  packSavedNetwork,
  SavedNetwork,
  saveNetwork,
  type SaveNetworkOptions,
} from './saved-network.js';

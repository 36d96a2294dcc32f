/** Whether tests in a real browser can run here; where they cannot, they skip visibly. */
import { findChromium } from '../../src/figures/display/find-chromium.js';

export const hasChromium = (() => {
  try {
    findChromium();
    return true;
  } catch {
    return false;
  }
})();

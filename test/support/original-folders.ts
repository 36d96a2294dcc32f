/** The network folders of the original program that tests read where they are at hand. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(process.env.LOCUS_SHARED ?? '../shared', 'fixtures/original-networks');

export const hasOriginals = existsSync(root);

/** Folders by the kind of network, each named by the original's hash. */
export const originals = {
  fullyConnected: join(root, '04cac8c5faccfe32961fb1860e246251abdba688706e9d2a54956bc4'),
  locallyConnected: join(root, '4d5903942a6b385e0bd867906efe112e4e37aba55a978cda35e27c0a'),
  convolutional: join(root, '522ee18cba17ffd2ba6ddcd50cb72cf13527f3c76f8bbbb134d9362a'),
  trainedCompetition: join(root, 'a00fb88cd2a9fb0a62c55afda5e2e30a376f5ae7b6338df6c91bf7b4'),
};

/** How many folders there are in all. */
export function countOriginals(): number {
  return readdirSync(root).length;
}

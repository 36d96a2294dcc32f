/** A right call and wrong ones for every command, in the order of a session: later commands use what earlier ones made. */

export interface Trial {
  readonly right: string;
  /** What the right call ends with. Default: 0. */
  readonly code?: number;
  /** On stdout. */
  readonly says: RegExp;
  /** Files that the right call writes. */
  readonly writes?: readonly string[];
  readonly wrong: readonly (readonly [words: string, code: 1 | 2, says: RegExp])[];
}

const tiny = '--n-filters 4 --n-iter 20 --time-max 50 --calibrate 40 --test 20';
const points = `--over mean_weight=0.3,0.4 --n-filters 4 --n-iter 10 --time-max 50 --calibrate 20 --validate 20`;
const noNetwork = /network "nobody": no such network/;
const noEngine = /unknown engine "wsm"\. Did you mean "wasm"\?/;
const noDataset = /unknown data set "mnits"\. Did you mean "mnist"\?/;

export const trials: Readonly<Record<string, Trial>> = {
  'train lc': {
    right: `train lc ${tiny} --name local`,
    says: /^Stored as local: 36 neurons/,
    wrong: [
      ['train lc --n-filters 0', 1, /expected nFilters/],
      ['train lc --dataset mnits', 1, noDataset],
      ['train lc --engine wsm', 1, noEngine],
      ['train lc --c-l', 1, /expected APos/],
      ['train lc --name local --seed 1 --engine auto', 1, /the name "local" belongs to another network/],
    ],
  },
  'train c': {
    right: `train c ${tiny} --name shared`,
    says: /^Stored as shared: 36 neurons/,
    wrong: [['train c --kernel-size 50', 1, /expected kernelSize ≤ crop = 20, got 50/]],
  },
  'train fc': {
    right: `train fc ${tiny} --name full --health`,
    says: /^Stored as full: 4 neurons/,
    wrong: [['train fc --interval 5', 2, /--interval: expected from,to/]],
  },
  calibrate: {
    right: 'calibrate local --images 50',
    says: /^local: votes and linear classifier made/,
    wrong: [
      ['calibrate nobody', 1, noNetwork],
      ['calibrate local --images 0', 2, /--images: expected a whole number ≥ 1, got "0"/],
      ['calibrate 42d7e5a3 --images 20', 1, /MNIST is not there: .*locus data download mnist/],
    ],
  },
  score: {
    right: 'score local --images 30',
    says: /^local, .* s:\npatch_voting .* of 30 images/,
    wrong: [
      ['score nobody', 1, noNetwork],
      ['score local --method patch', 2, /--method: expected patch_voting/],
      ['score local --engine wsm', 1, noEngine],
    ],
  },
  feed: {
    right: 'feed 42d7e5a3 --label 7',
    says: /test image 0 of label 7: \d+ input spikes/,
    wrong: [
      ['feed nobody --label 7', 1, noNetwork],
      ['feed local', 2, /expected either --label or --image/],
      ['feed local --label 12', 1, /expected a label from 0 to 9, got 12/],
      ['feed local --image nowhere.png', 1, /expected a picture at nowhere\.png, found none/],
      ['feed local --image package.txt', 1, /expected a PNG or JPEG picture/],
    ],
  },
  ls: {
    right: 'ls --sort -lc --limit 3',
    says: /name.*network_type/,
    wrong: [
      ['ls --sort foo', 1, /unknown name "foo"/],
      ['ls --filter n_fliters=4', 1, /Did you mean "n_filters"\?/],
      ['ls --db package.txt', 1, /package\.txt is not a database/],
    ],
  },
  show: { right: 'show local', says: /n_filters +4\b/, wrong: [['show nobody', 1, noNetwork]] },
  diff: {
    right: 'diff local shared',
    code: 1,
    says: /They differ\./,
    wrong: [['diff local nobody', 1, noNetwork]],
  },
  rename: {
    right: 'rename shared kernels',
    says: /^shared is now called kernels/,
    wrong: [
      ['rename nobody somebody', 1, noNetwork],
      ['rename local kernels', 1, /"kernels" already means the network "kernels"/],
    ],
  },
  rm: {
    right: 'rm kernels --yes',
    says: /^Deleted kernels/,
    wrong: [
      ['rm nobody --yes', 1, noNetwork],
      ['rm local', 2, /expected --yes/],
    ],
  },
  clean: {
    right: 'clean',
    says: /nothing to repair/,
    wrong: [['clean --db package.txt', 1, /not a database/]],
  },
  'ann train': {
    right: 'ann train --network 784-8-10 --epochs 1 --train 100 --test 20 --name dense',
    says: /^Stored as dense: 6352 weights/,
    wrong: [
      ['ann train --network 784-x-10', 1, /expected a layer such as 12c5/],
      ['ann train --optimizer adm', 2, /Did you mean "adam"\?/],
    ],
  },
  'ann score': {
    right: 'ann score dense --test 20',
    says: /% of 20 test images of mnist-10k/,
    wrong: [['ann score local', 1, /expected a network of type ReLU, got "LC_SNN"/]],
  },
  convert: {
    right: 'convert dense --duration 10 --train 50 --test 20 --name spiking',
    says: /Accuracy \[%\] after every readout/,
    wrong: [
      ['convert', 1, /expected the name of a network/],
      ['convert dense --engine wsm', 1, noEngine],
      ['convert --npy nowhere', 1, /found no nowhere/],
    ],
  },
  'nnmf info': {
    right: 'nnmf info --dataset mnist',
    says: /NNMF2d/,
    wrong: [['nnmf info --dataset mnits', 1, noDataset]],
  },
  'nnmf train': {
    right: 'nnmf train --train 20 --test 10 --epochs 1 --iterations 2 --name digits',
    says: /^Stored as digits: /,
    wrong: [['nnmf train --rates 1', 1, /expected rates to be a list of 3/]],
  },
  'nnmf score': {
    right: 'nnmf score digits --test 10',
    says: /% of 10 test images of mnist-10k/,
    wrong: [['nnmf score dense', 1, /expected a network of type NNMF, got "ReLU"/]],
  },
  'nnmf import': {
    right: 'nnmf import net.pt --dataset mnist --name from-pytorch',
    says: /^Stored as from-pytorch: /,
    wrong: [
      ['nnmf import nowhere.pt', 1, /found no nowhere\.pt/],
      ['nnmf import package.txt', 1, /expected a zip archive of PyTorch's/],
    ],
  },
  'sbs train': {
    right: 'sbs train net.json --steps 1 --train 40 --test 10 --data-dir own --name spikes',
    says: /^Stored as spikes: /,
    wrong: [
      ['sbs train nowhere.json', 1, /found no nowhere\.json/],
      ['sbs train package.txt', 1, /package\.txt: JSON5/],
    ],
  },
  'sbs score': {
    right: 'sbs score net.json --test 10 --data-dir own',
    says: /% of 10/,
    wrong: [['sbs score net.json --network local --data-dir own', 1, /expected a network of type SBS/]],
  },
  figure: {
    right: 'figure best-voters 42d7e5a3 --label 7 --output pages/voters.html',
    says: /voters\.html$/m,
    writes: ['pages/voters.html'],
    wrong: [
      ['figure weights local', 2, /unknown figure "weights"\. Did you mean "weights-xy"\?/],
      ['figure weights-xy nobody', 1, noNetwork],
      ['figure weights-xy local --output w.gif', 1, /expected a path that ends in \.html, \.png/],
      ['figure weights-xy local --output package.txt/w.html', 1, /expected a file that can be written/],
      ['figure reconstruction local', 2, /reconstruction is not of LC_SNN networks/],
    ],
  },
  report: {
    right: 'report spiking --output spiking.html',
    says: /spiking\.html$/m,
    writes: ['spiking.html'],
    wrong: [
      ['report nobody', 1, noNetwork],
      ['report local --output r.png', 1, /expected a path that ends in \.html or \.pdf/],
    ],
  },
  reproduce: {
    right:
      'reproduce --rows 12 --runs 1 --n-iter 10 --calibrate 20 --test 20 --threads 1 --markdown table.md --figure table.html',
    says: /│ 12 /,
    writes: ['table.md', 'table.json', 'table.html'],
    wrong: [
      ['reproduce --rows 13', 1, /expected rows from 1 to 12, got 13/],
      ['reproduce --rows a', 2, /--rows: expected a number, got "a"/],
    ],
  },
  'grid lc': {
    right: `grid lc ${points} --threads 2`,
    says: /meanWeight/,
    wrong: [
      ['grid lc --over foo=1', 1, /unknown parameter "foo"/],
      ['grid lc --over mean_weight', 2, /--over: expected name=values/],
      ['grid lc --over mean_weight=0.3 --calibrate 9999', 1, /expected --calibrate below the 1500/],
    ],
  },
  'grid c': {
    right: `grid c ${points} --no-linear`,
    says: /meanWeight/,
    wrong: [['grid c', 2, /--over: expected/]],
  },
  'grid fc': {
    right: `grid fc ${points.replace('--over', '--over c_w=-50,-100')} --figure points.html`,
    says: /meanWeight/,
    writes: ['points.html'],
    wrong: [['grid fc --over c_w=1 --figure x.html', 2, /--figure shows two axes/]],
  },
  import: {
    right: 'import original',
    says: /^original: LC_SNN, 12 neurons/,
    wrong: [['import nowhere', 1, /nowhere\/parameters\.json: there is no such file/]],
  },
  'data ls': { right: 'data ls', says: /mnist-10k/, wrong: [['data ls --data-dir=', 2, /expected a value/]] },
  'data download': {
    right: 'data download fashion-mnist --data-dir clothes',
    says: /train-images-idx3-ubyte\.gz \(was there already\)/,
    wrong: [
      ['data download fashon-mnist', 1, /Did you mean "fashion-mnist"\?/],
      ['data download mnist-10k', 1, /a data set that is not embedded already/],
    ],
  },
  models: {
    right: 'models AdEx',
    says: /^AdEx: adaptive exponential[^]*v \+= dt \* current \/ capacitance[^]*capacitance +281 pF[^]*Brette & Gerstner/,
    wrong: [
      ['models AdX', 1, /locus models: unknown model or rule "AdX"\. Did you mean "AdEx"\?/],
      ['models AdEx Oja', 2, /unexpected argument "Oja"/],
    ],
  },
  bench: {
    right: 'bench --models fc --filters 4 --images 2 --repetitions 1 --threads 1 --out figures.json',
    says: /ms per image/,
    writes: ['figures.json'],
    wrong: [
      ['bench --models lx', 2, /Did you mean "lc"\?/],
      ['bench --network nobody', 1, noNetwork],
    ],
  },
  gpu: {
    right: 'gpu',
    says: /engine gpu-webasm[^]*self-test: passed/,
    wrong: [['gpu extra', 2, /unexpected argument/]],
  },
  repl: { right: 'repl', says: /^$/, wrong: [['repl extra', 2, /unexpected argument "extra"/]] },
  start: {
    right: 'start --quiet',
    says: /^Trained in .* and stored as [0-9a-f]{56}:/,
    wrong: [
      ['start --dataset mnits', 1, noDataset],
      ['start --seed -1', 2, /--seed: expected a whole number ≥ 0/],
    ],
  },
};

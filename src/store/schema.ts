/**
 * The tables of the database, and how an older file becomes a current one.
 *
 * For other programs there is the view `view_networks`: a row per network, every published parameter and every score a
 * column (truth values are 1 and 0):
 *
 *     sqlite3 -box networks/networks.db \
 *       "SELECT substr(name, 1, 8), n_filters, c_w, lc_accuracy FROM view_networks WHERE network_type = 'LC_SNN'"
 *
 *     pandas.read_sql('SELECT * FROM view_networks', sqlite3.connect('networks/networks.db'))
 *
 * A parameter that has no column is read as `parameters ->> '$.its_name'`; a score of another method is a row of `scores`.
 */

import type { Database } from 'better-sqlite3';
import { tellHistories } from './migrations/tell-histories.js';

/** Marks a SQLite file as one of Locus: "Locs" as a number, in the file's header. */
export const applicationId = 0x4c6f6373;

/** The parameters that are columns of `networks` and `view_networks`, in the order of listings. */
export const parameterColumns = [
  'network_type',
  'n_filters',
  'kernel_size',
  'stride',
  'crop',
  'mean_weight',
  'c_w',
  'c_w_min',
  'c_w_max',
  'c_l',
  'A_pos',
  'A_neg',
  'tau_pos',
  'tau_neg',
  'weight_decay',
  'time_max',
  'intensity',
  'dt',
  'refrac',
  'n_iter',
  'train_method',
  'dataset',
  'seed',
] as const;

/**
 * The readout methods whose scores are columns of `view_networks`.
 * `output`: the last layer of the network decides (layered and converted networks).
 */
export const scoreMethods = ['patch_voting', 'all_voting', 'spikes_first', 'lc', 'output'] as const;

/** What a score tells: each is a column of its method, as `lc_accuracy`. */
export const scoreFields = ['accuracy', 'error', 'n_iter'] as const;

/** The other columns of `view_networks`. */
export const recordColumns = [
  'n_parameters',
  'n_output',
  'dataset_hash',
  'state_hash',
  'parent',
  'code_version',
  'hash',
  'created',
  'updated',
] as const;

/** A step of the schema's history, in SQL or as a function that is called within the transaction. */
export type Migration = string | ((database: Database) => void);

/** The schema's history: a file of version `n` has seen the first `n` steps.  Append, never change. */
export const migrations: readonly Migration[] = [
  `
  PRAGMA application_id = ${applicationId};

  -- Never reuses an id: what another program leaves behind of a deleted network cannot become part of a new one.
  CREATE TABLE networks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    -- SHA-224 of 'parameters'; the name too, unless one was given.
    hash TEXT NOT NULL,
    name_given INTEGER NOT NULL,
    -- Canonical JSON of all parameters: the truth.  The columns from network_type to seed repeat it for queries.
    parameters TEXT NOT NULL,
    network_type TEXT NOT NULL,
    n_filters INTEGER,
    kernel_size INTEGER,
    stride INTEGER,
    crop INTEGER,
    mean_weight REAL,
    c_w REAL,
    c_w_min REAL,
    c_w_max REAL,
    c_l INTEGER,
    A_pos REAL,
    A_neg REAL,
    tau_pos REAL,
    tau_neg REAL,
    weight_decay REAL,
    time_max INTEGER,
    intensity REAL,
    dt REAL,
    refrac INTEGER,
    n_iter INTEGER,
    train_method TEXT,
    dataset TEXT,
    seed INTEGER,
    n_parameters INTEGER NOT NULL,
    n_output INTEGER NOT NULL,
    dataset_hash TEXT,
    state_hash TEXT NOT NULL,
    parent TEXT,
    code_version TEXT NOT NULL,
    meta TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL
  );
  CREATE INDEX networks_hash ON networks (hash);

  CREATE TABLE scores (
    network INTEGER NOT NULL REFERENCES networks (id) ON DELETE CASCADE,
    method TEXT NOT NULL,
    accuracy REAL NOT NULL,
    error REAL NOT NULL,
    n_iter INTEGER NOT NULL,
    PRIMARY KEY (network, method)
  ) WITHOUT ROWID;

  CREATE TABLE arrays (
    network INTEGER NOT NULL REFERENCES networks (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (network, name)
  );

  CREATE TABLE checkpoints (
    key TEXT PRIMARY KEY,
    parameters TEXT NOT NULL,
    dataset_hash TEXT,
    code_version TEXT NOT NULL,
    meta TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL
  );

  CREATE TABLE checkpoint_arrays (
    checkpoint TEXT NOT NULL REFERENCES checkpoints (key) ON DELETE CASCADE,
    name TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (checkpoint, name)
  );

  CREATE TABLE results (
    experiment TEXT NOT NULL,
    item TEXT NOT NULL,
    result TEXT NOT NULL,
    network TEXT REFERENCES networks (name) ON UPDATE CASCADE ON DELETE SET NULL,
    created TEXT NOT NULL,
    PRIMARY KEY (experiment, item)
  );
  CREATE INDEX results_network ON results (network);

  CREATE VIEW view_networks AS
  SELECT
    n.name, n.network_type, n.n_filters, n.kernel_size, n.stride, n.crop, n.mean_weight, n.c_w, n.c_w_min, n.c_w_max,
    n.c_l, n.A_pos, n.A_neg, n.tau_pos, n.tau_neg, n.weight_decay, n.time_max, n.intensity, n.dt, n.refrac, n.n_iter,
    n.train_method, n.dataset, n.seed,
    p.accuracy AS patch_voting_accuracy, p.error AS patch_voting_error, p.n_iter AS patch_voting_n_iter,
    a.accuracy AS all_voting_accuracy, a.error AS all_voting_error, a.n_iter AS all_voting_n_iter,
    f.accuracy AS spikes_first_accuracy, f.error AS spikes_first_error, f.n_iter AS spikes_first_n_iter,
    l.accuracy AS lc_accuracy, l.error AS lc_error, l.n_iter AS lc_n_iter,
    o.accuracy AS output_accuracy, o.error AS output_error, o.n_iter AS output_n_iter,
    (
      SELECT max(v.accuracy) FROM scores v
      WHERE v.network = n.id AND v.method IN ('patch_voting', 'all_voting', 'spikes_first')
    ) AS best_voting_accuracy,
    n.n_parameters, n.n_output, n.dataset_hash, n.state_hash, n.parent, n.code_version, n.hash, n.created, n.updated,
    n.parameters, n.id
  FROM networks n
    LEFT JOIN scores p ON p.network = n.id AND p.method = 'patch_voting'
    LEFT JOIN scores a ON a.network = n.id AND a.method = 'all_voting'
    LEFT JOIN scores f ON f.network = n.id AND f.method = 'spikes_first'
    LEFT JOIN scores l ON l.network = n.id AND l.method = 'lc'
    LEFT JOIN scores o ON o.network = n.id AND o.method = 'output';
  `,
  (database) => {
    database.exec(`
    -- Names that a network had before: they go on finding it, unless a network has that very name.
    CREATE TABLE aliases (
      alias TEXT PRIMARY KEY,
      network INTEGER NOT NULL REFERENCES networks (id) ON DELETE CASCADE
    );
    CREATE INDEX aliases_network ON aliases (network);
    `);
    tellHistories(database);
  },
];

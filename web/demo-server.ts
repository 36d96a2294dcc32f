/** The server of the page: Vite for the page itself, routes for stored networks. */
import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import { apiMiddleware, listNetworks, type RouteOptions, withStore } from './network-routes.js';

export interface DemoOptions extends RouteOptions {
  /** 0: any that is free. */
  readonly port?: number;
  /** Folder for what Vite prepares; in node_modules if left out. */
  readonly cacheDir?: string;
}

/** Only an isolated page may share memory with threads. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** @throws LocusError `NOT_FOUND` where there is no network to show, or not the wanted one */
export async function startDemo({
  port = 5173,
  cacheDir,
  ...routes
}: DemoOptions = {}): Promise<ViteDevServer> {
  withStore(routes.database, (store) => listNetworks(store, routes.network));
  const root = import.meta.dirname;
  const server = await createServer({
    root,
    configFile: false,
    cacheDir: cacheDir ?? join(root, '..', 'node_modules', '.vite', 'web'),
    clearScreen: false,
    logLevel: 'warn',
    // The page stays as it is while somebody works on the sources.
    server: { port, hmr: false, watch: null, headers: isolation, fs: { allow: [join(root, '..')] } },
    // Named here, or the page is loaded again when Vite meets them.
    optimizeDeps: { include: ['fastest-levenshtein', 'gpu.js'] },
    plugins: [
      {
        name: 'locus-networks',
        configureServer: ({ middlewares }) => {
          middlewares.use('/api', apiMiddleware(routes));
        },
      },
    ],
  });
  await server.listen();
  return server;
}

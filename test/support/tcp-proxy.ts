import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Resets every connection and refuses new ones. */
  cut(): void;
  /** Half-open: connections stay, new ones are accepted, and no byte goes either way any more. */
  blackhole(): void;
  /** The same at the moment at which a client says this; resolves then. */
  blackholeAt(text: string): Promise<void>;
  /** New connections pass again. Connections from before a `blackhole` stay dead. */
  restore(): void;
  /** Connections held now, dead ones of a `blackhole` too. */
  open(): number;
  close(): Promise<void>;
}

/** A TCP proxy on loopback that can fail like a network: for Postgres, Redis and SFTP. */
export async function startTcpProxy(target: { port: number; host?: string }): Promise<TcpProxy> {
  let mode: 'pass' | 'cut' | 'blackhole' = 'pass';
  const pairs = new Set<{ client: Socket; server: Socket | null }>();
  let trap: { readonly text: string; readonly sprung: () => void } | null = null;
  const blackhole = () => {
    mode = 'blackhole';
    for (const { client, server } of pairs) {
      client.unpipe();
      server?.unpipe();
      client.pause();
      server?.pause();
    }
  };

  const proxy = createServer((client) => {
    client.on('error', () => undefined);
    if (mode === 'cut') {
      client.resetAndDestroy();
      return;
    }
    if (mode === 'blackhole') {
      const silent = { client, server: null };
      pairs.add(silent);
      client.once('close', () => pairs.delete(silent));
      return;
    }
    const server = connect({ port: target.port, host: target.host ?? '127.0.0.1' });
    const pair = { client, server };
    pairs.add(pair);
    server.on('error', () => undefined);
    client.on('data', (chunk) => {
      if (trap === null || !chunk.includes(trap.text)) return;
      blackhole();
      trap.sprung();
      trap = null;
    });
    client.pipe(server);
    server.pipe(client);
    const drop = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.once('close', drop);
    server.once('close', drop);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  const resetAll = () => {
    for (const { client, server } of [...pairs]) {
      client.resetAndDestroy();
      server?.destroy();
    }
  };
  return {
    port: address.port,
    cut() {
      mode = 'cut';
      resetAll();
    },
    blackhole,
    blackholeAt: (text) =>
      new Promise((sprung) => {
        trap = { text, sprung };
      }),
    restore() {
      mode = 'pass';
    },
    open: () => pairs.size,
    async close() {
      mode = 'cut';
      resetAll();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

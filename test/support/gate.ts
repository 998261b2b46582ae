import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

/** A door between a process and everything outside of it: databases, Slack. It can be shut for good at any message. */
export interface Gate extends AsyncDisposable {
  /** The same address, through the gate. */
  through(url: string): Promise<string>;
  /**
   * Lets so many more messages go out. The last one still has its effect, but neither its answer nor anything else
   * comes through any more: to the world outside it looks as if the process had been killed at that moment.
   */
  shutAfter(messages: number): void;
  /** From now on nothing comes through any more, and no connection ends: as when a machine or a cable is gone. */
  mute(): void;
  /** Lets new connections through again; those of before stay as they are. */
  unmute(): void;
  isShut(): boolean;
  /** How many messages have gone out so far. */
  passed(): number;
  /** Called when it shuts. */
  onShut(listener: () => void): void;
}

/** Milliseconds. */
const ANSWER_LIMIT = 250;

/** Opens a gate on free ports of the loopback interface. */
export function openGate(): Gate {
  const sockets = new Set<Socket>();
  const servers = new Set<ReturnType<typeof createServer>>();
  let left = Number.POSITIVE_INFINITY;
  let passed = 0;
  let shut = false;
  let muted = false;
  const silenced = new WeakSet<Socket>();
  const listeners = new Set<() => void>();
  const shutNow = () => {
    shut = true;
    for (const listener of listeners) listener();
    for (const socket of sockets) socket.destroy();
  };
  const join = (inside: Socket, outside: Socket) => {
    let last = false;
    inside.on('data', (chunk) => {
      if (shut || left <= 0 || silenced.has(inside)) return;
      left -= 1;
      passed += 1;
      last = left === 0;
      outside.write(chunk);
      // Half a message gets no answer.
      if (last) setTimeout(shutNow, ANSWER_LIMIT);
    });
    outside.on('data', (chunk) => {
      if (last) shutNow();
      else if (!shut && !silenced.has(inside)) inside.write(chunk);
    });
  };
  const open = async (host: string, port: number): Promise<number> => {
    const server = createServer({ noDelay: true }, (inside) => {
      if (shut || left <= 0) return inside.destroy();
      if (muted) silenced.add(inside);
      const outside = dial({ host, port, noDelay: true });
      for (const [one, other] of [
        [inside, outside],
        [outside, inside],
      ] as const) {
        sockets.add(one);
        one.on('error', () => one.destroy());
        one.on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
      }
      join(inside, outside);
      return undefined;
    });
    servers.add(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  return {
    through: async (url) => {
      const address = new URL(url);
      const port = await open(address.hostname, Number(address.port || 5432));
      address.hostname = '127.0.0.1';
      address.port = String(port);
      return address.toString();
    },
    shutAfter: (messages) => {
      left = messages;
      if (messages === 0) shutNow();
    },
    mute: () => {
      muted = true;
      for (const socket of sockets) silenced.add(socket);
    },
    unmute: () => {
      muted = false;
    },
    isShut: () => shut,
    passed: () => passed,
    onShut: (listener) => listeners.add(listener),
    [Symbol.asyncDispose]: async () => {
      shutNow();
      for (const server of servers) server.close();
    },
  };
}

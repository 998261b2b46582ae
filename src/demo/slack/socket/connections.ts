import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WorkspaceState } from '../state.ts';
import { type Acknowledgement, readAcknowledgement } from './envelope.ts';
import { acceptSocket, type ServerSocket } from './web-socket.ts';

/** One Socket Mode connection of the app. */
export interface Connection {
  readonly id: string;
  readonly socket: ServerSocket;
}

/** The app's open connections, and the tickets for new ones. */
export interface Connections {
  /** Issues the address of a new connection; it works once. */
  readonly issueUrl: (origin: string) => string;
  /** Answers an upgrade request: the connection is greeted, or refused. */
  readonly accept: (request: IncomingMessage, stream: Duplex) => void;
  /** The open ones, in the order in which their turn comes. */
  readonly open: () => readonly Connection[];
  /** The one whose turn it is; it goes to the end of the queue. */
  readonly next: () => Connection | undefined;
  /** Tells it to go, as Slack does when it moves connections, and sends it nothing more. */
  readonly retire: (connection: Connection, reason: DisconnectReason) => void;
  readonly close: () => void;
}

/** Why Slack ends a connection; a `warning` comes some seconds ahead of the end. */
export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

/** What the rest of the workspace hears of connections. */
interface ConnectionEvents {
  readonly onAcknowledged: (acknowledgement: Acknowledgement) => void;
  readonly onEnded: (connection: Connection) => void;
}

/** Most connections that an app may hold open. */
const connectionLimit = 10;

/** Slack's pings keep clients sure of the line; they give up after thirty seconds without one. */
const pingMs = 5000;

/** Creates an empty set of connections. */
export function createConnections(state: WorkspaceState, events: ConnectionEvents): Connections {
  const tickets = createTickets(state);
  const turns = createTurns(state);
  const every = new Set<Connection>();
  const pinging = setInterval(() => {
    for (const { socket } of turns.all()) socket.ping();
  }, pingMs);
  pinging.unref();
  const retire = (connection: Connection, reason: DisconnectReason): void => {
    connection.socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'stand-in' } }));
    if (reason !== 'warning') turns.remove(connection);
  };
  const end = (connection: Connection): void => {
    every.delete(connection);
    turns.remove(connection);
    events.onEnded(connection);
  };
  const welcome = (connection: Connection): void => {
    every.add(connection);
    if (turns.all().length < connectionLimit) turns.greet(connection);
    else retire(connection, 'too_many_websockets');
  };
  return {
    issueUrl: tickets.issueUrl,
    accept: (request, stream) => {
      if (!tickets.redeem(request)) stream.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      else shakeHands(state, { request, stream }, { welcome, end, onAcknowledged: events.onAcknowledged });
    },
    open: turns.all,
    next: turns.next,
    retire,
    close: () => {
      clearInterval(pinging);
      for (const { socket } of every) socket.cut();
    },
  };
}

interface Reception extends Pick<ConnectionEvents, 'onAcknowledged'> {
  readonly welcome: (connection: Connection) => void;
  readonly end: (connection: Connection) => void;
}

function shakeHands(
  state: WorkspaceState,
  { request, stream }: { readonly request: IncomingMessage; readonly stream: Duplex },
  { welcome, end, onAcknowledged }: Reception,
): void {
  const onText = (text: string): void => {
    const acknowledgement = readAcknowledgement(text);
    if (acknowledgement !== undefined) onAcknowledged(acknowledgement);
  };
  const onEnd = (): void => connection && end(connection);
  const socket = acceptSocket(request, stream, { onText, onEnd });
  const connection = socket && { id: state.ids.next('link-'), socket };
  if (connection !== undefined) welcome(connection);
}

/** The right to open one connection each. */
function createTickets(state: WorkspaceState) {
  const open = new Set<string>();
  return {
    issueUrl: (origin: string): string => {
      const ticket = state.ids.secret();
      open.add(ticket);
      return `${origin.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${state.app.id}`;
    },
    redeem: (request: IncomingMessage): boolean =>
      open.delete(URL.parse(request.url ?? '/', 'http://localhost')?.searchParams.get('ticket') ?? ''),
  };
}

/** Whose turn it is: each envelope goes to one connection, then the next one gets one. */
function createTurns(state: WorkspaceState) {
  const turns: Connection[] = [];
  return {
    all: (): readonly Connection[] => [...turns],
    greet: (connection: Connection): void => {
      turns.push(connection);
      connection.socket.send(greeting(state, turns.length));
      state.feed.announce();
    },
    next: (): Connection | undefined => {
      const first = turns.shift();
      if (first !== undefined) turns.push(first);
      return first;
    },
    remove: (connection: Connection): void => {
      const index = turns.indexOf(connection);
      if (index >= 0) turns.splice(index, 1);
      state.feed.announce();
    },
  };
}

function greeting(state: WorkspaceState, count: number): string {
  return JSON.stringify({
    type: 'hello',
    num_connections: count,
    connection_info: { app_id: state.app.id },
    debug_info: { host: 'stand-in', approximate_connection_time: 18_060 },
  });
}

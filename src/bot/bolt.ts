/** Everything that loads Slack's bot library, to be imported only when it is needed. */
export { createApp } from './app.ts';
export { httpTransport } from './transport/http.ts';
export { socketTransport } from './transport/socket.ts';

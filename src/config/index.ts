export {
  type CliEnvironment,
  cliEnvironment,
  type ServiceEnvironment,
  serviceEnvironment,
} from './environment.ts';
export {
  type Config,
  loadConfig,
  type RegisteredPipeline,
  type SlackConfig,
  type SlackTransport,
} from './load.ts';
export { ConfigFile } from './schema.ts';

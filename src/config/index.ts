export {
  type CliEnvironment,
  cliEnvironment,
  type ServiceEnvironment,
  serviceEnvironment,
} from './environment.ts';
export {
  type Config,
  loadConfig,
  type SlackConfig,
  type SlackTransport,
} from './load.ts';
export type { RegisteredPipeline } from './pipelines.ts';
export { ConfigFile } from './schema.ts';

export {
  type CliEnvironment,
  cliEnvironment,
  type RegistryCredentials,
  type S3Credentials,
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
export type { PublishPlace } from './publish.ts';
export { ConfigFile } from './schema.ts';

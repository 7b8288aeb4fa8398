import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import type { ServerProcess } from './server-process.ts';

export interface ContainerCommand {
  readonly image: string;
  /** On the host; fixed, so that it is the same after `restart`. */
  readonly port: number;
  readonly inner: number;
  readonly command: string[];
  readonly environment?: Record<string, string>;
  readonly ready: RegExp;
}

/** The same service in a container, where a Docker engine answers. */
export async function startContainer(options: ContainerCommand): Promise<ServerProcess> {
  const container: StartedTestContainer = await new GenericContainer(options.image)
    .withExposedPorts({ container: options.inner, host: options.port })
    .withCommand(options.command)
    .withEnvironment(options.environment ?? {})
    .withWaitStrategy(Wait.forLogMessage(options.ready))
    .start();
  return {
    async stop() {
      await container.stop({ remove: true, removeVolumes: true });
    },
    async kill() {
      // No time to stop in is SIGKILL.
      await container.stop({ remove: false, timeout: 0 });
    },
    async restart() {
      await container.restart();
    },
  };
}

/** What every containerizer must do, the fake one and the real one. Commands are those both understand. */
import type { ContainerId } from '@mesolite/base';
import { describe, expect, it } from 'vitest';
import type { Containerizer, ContainerSpec } from '../src/index.ts';

export interface Subject {
  readonly containerizer: Containerizer;
  spec(id: string, command: string): ContainerSpec;
  /** Lets time pass until the promise is settled. */
  settle<T>(promise: Promise<T>): Promise<T>;
}

export function containerizerContract(name: string, subject: () => Subject): void {
  describe(`${name} keeps the contract of containerizers`, () => {
    it('tells the exit status of a command', async () => {
      const { containerizer, spec, settle } = subject();
      expect(await settle(containerizer.launch(spec('exit', 'exit 3')))).toMatchObject({ ok: true });
      expect(await settle(containerizer.wait('exit' as ContainerId))).toEqual({
        status: 0x300,
        exitCode: 3,
        message: 'Command exited with status 3',
        killed: false,
      });
    });

    it('answers a wait long after the end, and for one it never knew', async () => {
      const { containerizer, spec, settle } = subject();
      await settle(containerizer.launch(spec('late', 'true')));
      await settle(containerizer.wait('late' as ContainerId));
      expect(await settle(containerizer.wait('late' as ContainerId))).toMatchObject({ exitCode: 0 });
      const unknown = await settle(containerizer.wait('never' as ContainerId));
      expect(unknown).toEqual({ message: 'Failed to get exit status for Command', killed: false });
    });

    it('ends a running container by a signal', async () => {
      const { containerizer, spec, settle } = subject();
      await settle(containerizer.launch(spec('term', 'sleep 1000')));
      containerizer.kill('term' as ContainerId, 'SIGTERM');
      expect(await settle(containerizer.wait('term' as ContainerId))).toMatchObject({
        status: 15,
        signal: 'SIGTERM',
        message: 'Command terminated with signal Terminated',
        killed: true,
      });
    });

    it('destroys a running container, once and again', async () => {
      const { containerizer, spec, settle } = subject();
      await settle(containerizer.launch(spec('gone', 'sleep 1000')));
      expect(containerizer.containers()).toMatchObject([{ containerId: 'gone', state: 'running' }]);
      await settle(
        Promise.all([containerizer.destroy('gone' as ContainerId), containerizer.destroy('gone' as ContainerId)]),
      );
      await settle(containerizer.destroy('gone' as ContainerId));
      expect(containerizer.containers()).toEqual([]);
      expect(await settle(containerizer.wait('gone' as ContainerId))).toMatchObject({
        signal: 'SIGKILL',
        killed: true,
      });
    });

    it('launches an id once', async () => {
      const { containerizer, spec, settle } = subject();
      await settle(containerizer.launch(spec('twice', 'true')));
      expect(await settle(containerizer.launch(spec('twice', 'true')))).toEqual({
        ok: false,
        error: { reason: 'REASON_CONTAINER_LAUNCH_FAILED', message: "Container 'twice' already started" },
      });
      expect(await settle(containerizer.wait('twice' as ContainerId))).toMatchObject({ exitCode: 0 });
    });

    it('has usage for running containers only', async () => {
      const { containerizer, spec, settle } = subject();
      await settle(containerizer.launch(spec('used', 'sleep 1000')));
      expect(await settle(containerizer.usage('used' as ContainerId))).toMatchObject({ timestamp: expect.any(Number) });
      await settle(containerizer.destroy('used' as ContainerId));
      expect(await settle(containerizer.usage('used' as ContainerId))).toBeUndefined();
      expect(await settle(containerizer.usage('never' as ContainerId))).toBeUndefined();
    });

    it('shrugs at containers it does not know', async () => {
      const { containerizer, settle } = subject();
      containerizer.kill('never' as ContainerId, 'SIGKILL');
      containerizer.update('never' as ContainerId, []);
      await settle(containerizer.destroy('never' as ContainerId));
    });
  });
}

/** The registry on a disk that survives its master: what has been written, and nothing else. */
import type { AgentId } from '@mesolite/base';
import type { RegistryOperation } from '@mesolite/master/core';
import type { AgentInfo } from '@mesolite/wire';

export class DurableRegistry {
  readonly #admitted = new Map<AgentId, AgentInfo>();
  readonly #unreachable = new Map<AgentId, number>();

  apply(operation: RegistryOperation): void {
    switch (operation.kind) {
      case 'admit-agent':
      case 'update-agent':
      case 'mark-agent-reachable': {
        const id = operation.info.id?.value as AgentId;
        this.#unreachable.delete(id);
        this.#admitted.set(id, operation.info);
        return;
      }
      case 'mark-agent-unreachable':
        this.#admitted.delete(operation.agentId);
        this.#unreachable.set(operation.agentId, operation.wallMs);
        return;
      case 'remove-agent':
        this.#admitted.delete(operation.agentId);
        return;
    }
  }

  /** As a master that begins to lead reads it. */
  read(): {
    readonly admitted: AgentInfo[];
    readonly unreachable: { agentId: AgentId; wallMs: number }[];
    readonly gone: [];
  } {
    return {
      admitted: [...this.#admitted.values()],
      unreachable: [...this.#unreachable].map(([agentId, wallMs]) => ({ agentId, wallMs })),
      gone: [],
    };
  }
}

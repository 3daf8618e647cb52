/** An executor that makes no call: it notes what would be sent. */
import { type Call, type Executor, isCreation } from "@elbplan/core";

/** A call with everything resolved but what only AWS can tell: that stands as `<stack resource>`. */
export interface WouldSend {
  /** The action's id. */
  readonly action: string;
  readonly call: Call;
}

/** Hands every call to `note`, in the order in which they would be sent. Waits are met, nothing is in the way. */
export function recordingExecutor(note: (sent: WouldSend) => void): Executor {
  return {
    send: async ({ action, call }) => {
      note({ action: action.id, call });
      if (!isCreation(action.kind)) return undefined;
      const stand = `<${action.stack} ${action.resource}>`;
      return { arn: stand, id: stand, dnsName: stand };
    },
    find: async () => undefined,
    met: async () => ({ state: "met" }),
  };
}

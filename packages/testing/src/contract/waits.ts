/** Looks at what waits wait for. */
import { expect } from "vitest";
import type { ContractTest } from "./test.ts";
import { loadBalancer, targetGroup } from "./things.ts";

const patience = { deadlineSeconds: 60, onDeadline: "stop" } as const;

export const waits: readonly ContractTest[] = [
  {
    name: "a load balancer becomes active",
    kinds: ["createLoadBalancer"],
    play: async (play) => {
      const { arn: subject } = await loadBalancer(play);
      // Somebody who runs plans would look again; here a few looks must do.
      let state = await play.met({ until: "load-balancer-active", subject, ...patience });
      for (let looks = 0; state.state === "unmet" && looks < 10; looks++) {
        state = await play.met({ until: "load-balancer-active", subject, ...patience });
      }
      expect(state.state).toBe("met");
    },
  },
  {
    name: "a target group without targets has nothing to wait for",
    kinds: ["createTargetGroup"],
    play: async (play) => {
      const subject = await targetGroup(play);
      expect(await play.met({ until: "targets-healthy", subject, ...patience })).toMatchObject({ state: "met" });
      expect(await play.met({ until: "targets-drained", subject, ...patience })).toMatchObject({ state: "met" });
    },
  },
  {
    name: "what doesn't exist can't be waited for",
    kinds: ["createLoadBalancer", "deleteLoadBalancer"],
    play: async (play) => {
      const { arn: subject } = await loadBalancer(play);
      await play.send("deleteLoadBalancer", { loadBalancerArn: subject });
      await expect(play.met({ until: "load-balancer-active", subject, ...patience })).rejects.toMatchObject({
        outcome: "refused",
      });
    },
  },
];

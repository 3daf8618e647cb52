/** Elastic Load Balancing version 2 (API version 2015-12-01). */

import type { ActionDetails, ActionKind } from "../model/action.ts";
import type { Call } from "../model/plan.ts";
import { elbCall } from "./elb-call.ts";
import { listenerCalls } from "./listener.ts";
import { loadBalancerCalls } from "./load-balancer.ts";
import { tagList } from "./tags.ts";
import { targetGroupCalls } from "./target-group.ts";

type TagKind = Extract<ActionKind, "addTags" | "removeTags">;

const tagCalls: { readonly [K in TagKind]: (details: ActionDetails[K]) => Call } = {
  addTags: ({ resourceArn, tags }) => elbCall("AddTags", { ResourceArns: [resourceArn], Tags: tagList(tags) }),
  removeTags: ({ resourceArn, keys }) => elbCall("RemoveTags", { ResourceArns: [resourceArn], TagKeys: keys }),
};

export const elbCalls: typeof loadBalancerCalls & typeof targetGroupCalls & typeof listenerCalls & typeof tagCalls = {
  ...loadBalancerCalls,
  ...targetGroupCalls,
  ...listenerCalls,
  ...tagCalls,
};

/** Listeners with their certificates and attributes, and their rules; tags of both at last, for they come twenty at a time. */

import type { Listener, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type {
  Existing,
  InventoryNeeded,
  ListenerRuleSpec,
  ListenerSpec,
  LoadBalancerParts,
  StringMap,
} from "@elbplan/core";
import { type ListenerParts, listenerRecord } from "../records/listener.ts";
import { listenerRuleRecord } from "../records/listener-rule.ts";
import { tagsOf } from "../records/tags.ts";
import type { Reader } from "./reader.ts";
import { tagsOfArns } from "./tags.ts";

/** The most that a page of ELBv2 holds. */
const PAGE = 400;

interface ListenerTold {
  readonly listener: Listener;
  readonly parts: ListenerParts;
  readonly rules: readonly Rule[];
}

/** Reads the listeners of the load balancers of which they are needed. */
export async function readListeners(
  reader: Reader,
  { listenerTags }: InventoryNeeded,
  balancers: readonly { readonly arn: string; readonly parts: LoadBalancerParts }[],
): Promise<{
  readonly listeners: readonly Existing<ListenerSpec<string>>[];
  readonly rules: readonly Existing<ListenerRuleSpec<string>>[];
}> {
  const wanted = balancers.filter(({ parts }) => parts.listeners);
  const told = (
    await Promise.all(
      wanted.map(async ({ arn, parts }) => {
        const pages = await reader.pagesUnlessGone("elasticloadbalancingv2", "DescribeListeners", {
          LoadBalancerArn: arn,
          PageSize: PAGE,
        });
        const listeners = pages.flatMap(({ Listeners = [] }) => Listeners);
        return Promise.all(listeners.map((listener) => readListener(reader, listener, parts)));
      }),
    )
  ).flat();
  const arns = told.flatMap(({ listener, rules }) => [
    listener.ListenerArn ?? [],
    rules.flatMap(({ RuleArn }) => RuleArn ?? []),
  ]);
  const tags = listenerTags ? await tagsOfArns(reader, arns.flat()) : new Map<string, StringMap>();
  return {
    listeners: told.map(({ listener, parts }) =>
      listenerRecord(listener, { ...parts, tags: tags.get(listener.ListenerArn ?? "") ?? {} }),
    ),
    rules: told.flatMap(({ listener, rules }) =>
      rules.map((rule) =>
        listenerRuleRecord(rule, listener.ListenerArn ?? "", { tags: tags.get(rule.RuleArn ?? "") ?? {} }),
      ),
    ),
  };
}

async function readListener(reader: Reader, listener: Listener, parts: LoadBalancerParts): Promise<ListenerTold> {
  const { ListenerArn: arn = "", Port: port = 0, Protocol, SslPolicy } = listener;
  const ports = parts.listenerAttributes;
  const [rules, certificates, attributes] = await Promise.all([
    // Listeners of network load balancers have a default action and no rules.
    Protocol === "HTTP" || Protocol === "HTTPS"
      ? reader.pagesUnlessGone("elasticloadbalancingv2", "DescribeRules", { ListenerArn: arn, PageSize: PAGE })
      : [],
    // The listing tells the default certificate alone.
    SslPolicy
      ? reader.pagesUnlessGone("elasticloadbalancingv2", "DescribeListenerCertificates", {
          ListenerArn: arn,
          PageSize: PAGE,
        })
      : [],
    ports === "all" || ports.includes(port)
      ? reader.unlessGone("elasticloadbalancingv2", "DescribeListenerAttributes", { ListenerArn: arn })
      : undefined,
  ]);
  const Certificates = certificates.flatMap((page) => page.Certificates ?? []);
  return {
    listener,
    parts: {
      certificates: Certificates.toSorted((a, b) => ((a.CertificateArn ?? "") < (b.CertificateArn ?? "") ? -1 : 1)),
      ...(attributes && { attributes: tagsOf(attributes.Attributes) }),
    },
    // The default rule is told with the listener.
    rules: rules.flatMap(({ Rules = [] }) => Rules).filter(({ IsDefault }) => IsDefault !== true),
  };
}

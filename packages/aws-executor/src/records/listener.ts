import type { Certificate, Listener, MutualAuthenticationAttributes } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Existing, ListenerSpec, MutualAuthentication, StringMap } from "@elbplan/core";
import { actionsOf } from "./rule-content.ts";

/** What other calls tell of a listener. */
export interface ListenerParts {
  /** Of DescribeListenerCertificates; the default certificate may be among them. Absent: nobody asked. */
  readonly certificates?: readonly Certificate[];
  readonly attributes?: StringMap;
  readonly tags?: StringMap;
}

/** A listener as DescribeListeners tells it. */
export function listenerRecord(listener: Listener, parts: ListenerParts = {}): Existing<ListenerSpec<string>> {
  const { Certificates = [], SslPolicy, MutualAuthentication: mutual } = listener;
  const { attributes, tags = {} } = parts;
  const others = (parts.certificates ?? []).filter(({ IsDefault }) => IsDefault !== true);
  const certificates = [...Certificates, ...others].flatMap(({ CertificateArn }) => CertificateArn ?? []);
  return {
    arn: listener.ListenerArn ?? "",
    spec: {
      loadBalancerArn: listener.LoadBalancerArn ?? "",
      port: listener.Port ?? 0,
      protocol: (listener.Protocol ?? "HTTP") as ListenerSpec["protocol"],
      defaultActions: actionsOf(listener.DefaultActions),
      ...(certificates.length === 0 ? {} : { certificates }),
      ...(SslPolicy === undefined ? {} : { sslPolicy: SslPolicy }),
      ...(mutual === undefined ? {} : { mutualAuthentication: mutualAuthenticationOf(mutual) }),
      ...(attributes === undefined ? {} : { attributes }),
      tags,
    },
  };
}

function mutualAuthenticationOf(block: MutualAuthenticationAttributes): MutualAuthentication {
  const { Mode, TrustStoreArn, IgnoreClientCertificateExpiry, AdvertiseTrustStoreCaNames } = block;
  return {
    mode: (Mode ?? "off") as MutualAuthentication["mode"],
    ...(TrustStoreArn === undefined ? {} : { trustStoreArn: TrustStoreArn }),
    ...(IgnoreClientCertificateExpiry === undefined
      ? {}
      : { ignoreClientCertificateExpiry: IgnoreClientCertificateExpiry }),
    ...(AdvertiseTrustStoreCaNames === undefined ? {} : { advertiseTrustStoreCaNames: AdvertiseTrustStoreCaNames }),
  };
}

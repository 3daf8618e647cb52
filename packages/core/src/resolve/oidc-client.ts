/** The OIDC client in a Secret. Only a digest of it leaves this file. */

import { decodeBase64 } from "../lib/base64.ts";
import { sha256Hex } from "../lib/sha256.ts";
import { decodeUtf8 } from "../lib/utf8.ts";
import type { Secret } from "../model/kubernetes.ts";
import type { SecretClient } from "../model/rule-action.ts";
import { trimSpace } from "../read/grammar.ts";
import { type Annotated, annotationProblem, type Member } from "../read/member.ts";
import type { GroupContext } from "./context.ts";

/** Reference to and digest of the client in the Secret named by an OIDC annotation; undefined when an error was reported. */
export function resolveOidcClient(
  group: GroupContext,
  member: Member,
  holder: Annotated,
  secretName: string,
): SecretClient | undefined {
  const key = `${member.ingress.metadata.namespace}/${secretName}`;
  const refuse = (message: string): undefined => {
    group.report(annotationProblem("auth.secret-unusable", holder, "auth-idp-oidc", message), member);
    return undefined;
  };
  const secret = group.cluster.secrets.get(key);
  if (secret === undefined) {
    const { namespace = "" } = member.ingress.metadata;
    const isUnread = group.cluster.isUnreadable({ kind: "Secret", namespace, name: secretName });
    return refuse(`Secret ${key} ${isUnread ? "couldn't be read" : "doesn't exist"}`);
  }
  const label = group.settings.requiredSecretsLabel;
  if (label !== "" && !hasLabel(secret, label))
    return refuse(`Secret ${key} lacks the label ${label} that flag required-secrets-label asks for`);
  const client = readOidcClient(secret);
  if ("lacks" in client) return refuse(`Secret ${key} holds no ${client.lacks}`);
  return { secret: key, digest: digestOfClient(client) };
}

/** A client as it is sent to AWS, for who sends it; nobody else has a use for it. */
export interface OidcClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** By which clients are compared, without telling anything of them. */
export function digestOfClient({ clientId, clientSecret }: OidcClient): string {
  return sha256Hex(`${clientId}\u0000${clientSecret}`);
}

/** The client in a Secret, under LBC's keys, or the key that the Secret lacks. */
export function readOidcClient(secret: Secret): OidcClient | { readonly lacks: "clientID" | "clientSecret" } {
  const id = readKey(secret, "clientID") ?? readKey(secret, "clientId");
  if (id === undefined) return { lacks: "clientID" };
  const clientSecret = readKey(secret, "clientSecret");
  return clientSecret === undefined ? { lacks: "clientSecret" } : cleanClient(id, clientSecret);
}

/** Client id and secret as they are sent to AWS: white space after the id and control characters after the secret are cut, as LBC does. */
export function cleanClient(id: string, secret: string): OidcClient {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is cut
  return { clientId: trimEnd(id), clientSecret: secret.replace(/[\u0000-\u001f\u007f-\u009f]+$/u, "") };
}

function trimEnd(text: string): string {
  const start = trimSpace(text);
  return start === "" ? "" : text.slice(0, text.lastIndexOf(start) + start.length);
}

function readKey({ data = {}, stringData = {} }: Secret, key: string): string | undefined {
  if (Object.hasOwn(stringData, key)) return stringData[key];
  return Object.hasOwn(data, key) ? decodeUtf8(decodeBase64(data[key] as string)) : undefined;
}

function hasLabel({ metadata }: Secret, label: string): boolean {
  const equals = label.indexOf("=");
  const key = label.slice(0, equals);
  const labels = metadata.labels ?? {};
  return Object.hasOwn(labels, key) && labels[key] === label.slice(equals + 1);
}

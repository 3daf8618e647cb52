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
  const id = readKey(secret, "clientID") ?? readKey(secret, "clientId");
  if (id === undefined) return refuse(`Secret ${key} holds no clientID`);
  const clientSecret = readKey(secret, "clientSecret");
  if (clientSecret === undefined) return refuse(`Secret ${key} holds no clientSecret`);
  return { secret: key, digest: clientDigest(id, clientSecret) };
}

/** Client id and secret as they are sent to AWS: white space after the id and control characters after the secret are cut, as LBC does. */
export function cleanClient(id: string, secret: string): { readonly clientId: string; readonly clientSecret: string } {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is cut
  return { clientId: trimEnd(id), clientSecret: secret.replace(/[\u0000-\u001f\u007f-\u009f]+$/u, "") };
}

function trimEnd(text: string): string {
  const start = trimSpace(text);
  return start === "" ? "" : text.slice(0, text.lastIndexOf(start) + start.length);
}

function clientDigest(id: string, secret: string): string {
  const { clientId, clientSecret } = cleanClient(id, secret);
  return sha256Hex(`${clientId}\u0000${clientSecret}`);
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

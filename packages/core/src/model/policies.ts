/** How far plans go, as people write it: on the command line or in a settings file. */
import type { Settings } from "./settings.ts";

/** How far a plan goes: `upsert-only` deletes nothing, `create-only` changes nothing that exists. */
export type PolicyMode = "sync" | "upsert-only" | "create-only";

export interface PolicyTexts {
  readonly mode?: PolicyMode;
  /** `stack=shop/web,kind=listenerRule`, `key=targetGroup/shop/web-web:80`, `tag=team` or `tag=team=a`: all must hold. */
  readonly protect?: readonly string[];
  /** `loadBalancer:/attributes`: a kind of resource and the JSON pointer of a field. */
  readonly ignore?: readonly string[];
}

/** What a settings file holds: settings, and the policies of every plan that is made with it. */
export interface SettingsFile extends Settings {
  readonly policies?: PolicyTexts;
}

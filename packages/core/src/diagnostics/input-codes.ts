import type { CodeEntry } from "./codes.ts";

/** Codes of reading files, flags and facts. */
export const inputCodes = {
  "input.empty": {
    severity: "error",
    meaning: "The input holds no Kubernetes object at all.",
    hint: "Name a file or folder of manifests, or pipe the output of kustomize or helm to `-f -`.",
  },
  "input.no-ingress": {
    severity: "warning",
    meaning: "The input holds Kubernetes objects, but no Ingress, so there is nothing to plan for.",
    hint: "Add the files that hold the Ingresses.",
  },
  "input.file-unreadable": {
    severity: "error",
    meaning: "A file or folder named as input doesn't exist or can't be read.",
    hint: "Correct the path or the permissions; URLs aren't fetched, so download first.",
  },
  "input.not-text": {
    severity: "error",
    meaning: "A file isn't UTF-8 text, or a document holds control characters; it is skipped.",
    hint: "Save the file as UTF-8; PowerShell's `>` writes UTF-16, so use `Out-File -Encoding utf8` there.",
  },
  "input.yaml-invalid": {
    severity: "error",
    meaning: "A document is not valid YAML or JSON; it is skipped, the other documents are read.",
    hint: "Correct the document at the place named.",
  },
  "input.document-too-complex": {
    severity: "error",
    meaning: "A document is nested too deeply, or its aliases stand for too many values; it is skipped.",
    hint: "Write the document without aliases of aliases and with less nesting.",
  },
  "input.duplicate-key": {
    severity: "warning",
    meaning: "A map holds the same key twice; the last value holds, as in kubectl.",
    hint: "Remove one of the two.",
  },
  "input.text-ignored": {
    severity: "warning",
    meaning: "Text after the end of a document (`...`) isn't read, as in kubectl.",
    hint: "Separate documents by a line `---`.",
  },
  "input.not-an-object": {
    severity: "error",
    meaning:
      "A document or list item is no Kubernetes object: it isn't a map, or lacks apiVersion or kind; it is skipped.",
    hint: "Name manifests only: values files and kustomization.yaml must be rendered first.",
  },
  "input.not-a-manifest": {
    severity: "warning",
    meaning:
      "A file in a folder of manifests is one of elbplan's own: facts, an inventory, an account or a saved plan.",
    hint: "Pass it with the option that it is for, or keep it out of the folder of manifests.",
  },
  "input.subfolders-not-read": {
    severity: "info",
    meaning: "A folder named as input holds folders, which are read only if asked, as in kubectl.",
    hint: "Pass -R to read them too.",
  },
  "input.api-version-unknown": {
    severity: "error",
    meaning: "An object has an apiVersion that its kind doesn't exist in; it is skipped.",
    hint: "Write the apiVersion that the message names.",
  },
  "input.api-version-removed": {
    severity: "warning",
    meaning:
      "An Ingress has an apiVersion that Kubernetes 1.22 removed; it is converted to networking.k8s.io/v1 and read.",
    hint: "Write it as networking.k8s.io/v1; the API server refuses it as it is.",
  },
  "input.name-missing": {
    severity: "error",
    meaning: "An object has no metadata.name; it is skipped.",
    hint: "Give it a name; elbplan can't plan for a name that the API server will generate.",
  },
  "input.annotation-not-string": {
    severity: "error",
    meaning: "The value of an annotation or label isn't a string, so the API server refuses the object; it is skipped.",
    hint: "Put the value in quotes.",
  },
  "input.field-type": {
    severity: "error",
    meaning: "A field has a value of the wrong type, so the API server refuses the object; it is skipped.",
    hint: "Write a value of the type that the message names.",
  },
  "input.object-refused": {
    severity: "error",
    meaning: "The API server refuses the object because it breaks a rule of the Kubernetes API; it is skipped.",
    hint: "Correct the field as the message says.",
  },
  "input.object-questionable": {
    severity: "warning",
    meaning:
      "The API server refuses the object when it is created, because it breaks a rule of the Kubernetes API; it is read all the same.",
    hint: "Correct the field as the message says.",
  },
  "input.unknown-field": {
    severity: "warning",
    meaning: "An object has a field that its kind doesn't know; Kubernetes drops it, and kubectl apply refuses it.",
    hint: "Check the spelling and the indentation.",
  },
  "input.duplicate-object": {
    severity: "warning",
    meaning: "The input holds the same object twice; the last one holds, as when both are applied in order.",
    hint: "Remove one of the two, or give it another name or namespace.",
  },
  "settings.cluster-name-missing": {
    severity: "error",
    meaning:
      "Neither facts, flags nor settings name the cluster, whose name is part of every name and of the tags that tell what is ours.",
    hint: "Pass --cluster-name NAME, or add clusterName to the facts.",
  },
  "settings.flag-invalid": {
    severity: "error",
    meaning: "The value of a controller flag can't be read, or isn't one of those allowed.",
    hint: "Write it as LBC's controller takes it.",
  },
  "settings.flag-unknown": {
    severity: "error",
    meaning: "There is no controller flag of that name.",
    hint: "Correct the name; elbplan --help lists the flags.",
  },
  "settings.flags-disagree": {
    severity: "error",
    meaning: "Two controller flags contradict each other.",
    hint: "Change one of them.",
  },
  "settings.tag-reserved": {
    severity: "error",
    meaning: "A flag sets or reserves a tag that marks what the controller owns.",
    hint: "Take the key off the flag.",
  },
  "facts.malformed": {
    severity: "error",
    meaning: "The facts file is not valid JSON, or not of the shape of facts.",
    hint: "Correct the field named; packages/core/schemas/facts.schema.json describes the shape.",
  },
  "facts.none": {
    severity: "info",
    meaning: "No facts were given, so nothing that only AWS knows can be looked up.",
    hint: "Give --facts FILE; `elbplan facts-needed` prints which look-ups that file should answer.",
  },
  "facts.version": {
    severity: "error",
    meaning: "The facts file was written in another format version.",
    hint: "Write it again for this version of elbplan.",
  },
  "request.invalid": {
    severity: "error",
    meaning: "The request to explain is not of the form METHOD URL.",
    hint: "Write it like `GET https://shop.example.com/cart?x=1`.",
  },
  "settings.malformed": {
    severity: "error",
    meaning: "The settings file is not valid YAML or JSON, or holds a setting that doesn't exist or has another type.",
    hint: "Correct the setting named; packages/core/schemas/settings.schema.json lists them.",
  },
  "ingress.not-ours": {
    severity: "info",
    meaning: "An Ingress belongs to no class of ours, or is being deleted; it is left alone.",
    hint: "If it should be planned, add its IngressClass to the input, or correct the class that it names.",
  },
} as const satisfies Record<string, CodeEntry>;

import type { CodeEntry } from "./codes.ts";

/** Codes of reading AWS. */
export const awsCodes = {
  "aws.access-denied": {
    severity: "error",
    meaning: "AWS doesn't allow a call that is needed to read what exists.",
    hint: "Allow the IAM action that the message names; elbplan iam-policy without -f prints all that reading needs.",
  },
  "aws.call-failed": {
    severity: "error",
    meaning: "A call to AWS failed, also after it was tried again.",
    hint: "See what AWS says; its support can look the request id up.",
  },
  "aws.credentials-invalid": {
    severity: "error",
    meaning: "AWS doesn't know the credentials, or they have expired.",
    hint: "Sign in again, or name another profile with --profile.",
  },
  "aws.credentials-missing": {
    severity: "error",
    meaning: "No credentials for AWS were found in the environment, the profile or the instance.",
    hint: "Set AWS_PROFILE or name a profile with --profile.",
  },
  "aws.region-missing": {
    severity: "error",
    meaning: "Nothing says which Region to call.",
    hint: "Set AWS_REGION or write --aws-region.",
  },
  "aws.throttled": {
    severity: "error",
    meaning: "AWS refused a call because the account made too many.",
    hint: "Try again later, or call more slowly with --aws-api-throttle.",
  },
  "aws.unreachable": {
    severity: "error",
    meaning: "AWS didn't answer.",
    hint: "Check the network, the Region and --aws-api-endpoints.",
  },
  "aws.vpc-unknown": {
    severity: "error",
    meaning: "It can't be told which VPC the cluster is in.",
    hint: "Write --aws-vpc-id, or --aws-vpc-tags with tags that one VPC alone carries.",
  },
} as const satisfies { readonly [code: string]: CodeEntry };

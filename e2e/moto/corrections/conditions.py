"""Conditions and transforms of rules: what AWS takes, and that it returns hosts and paths in both of their forms.

API Reference: RuleCondition, RuleTransform; Quotas for your Application Load Balancers.
"""

import re

from . import settings
from .correct import invalid

CONFIGS = {
    "host-header": "HostHeaderConfig",
    "path-pattern": "PathPatternConfig",
    "http-header": "HttpHeaderConfig",
    "http-request-method": "HttpRequestMethodConfig",
    "query-string": "QueryStringConfig",
    "source-ip": "SourceIpConfig",
}
SEVERAL = ("http-header", "query-string")
FORMATS = {
    "host-header": r"[A-Za-z0-9.*?-]+",
    "path-pattern": r"[A-Za-z0-9_\-.$/~\"'@:+&*?]+",
    "http-request-method": r"[A-Z_-]{1,40}",
    "source-ip": r"[0-9a-fA-F.:]+/\d{1,3}",
}
HEADER_NAME = r"(?!host$)[!#$%&'*+\-.^_`|~A-Za-z0-9]{1,40}"


def check_conditions(conditions):
    if not conditions:
        invalid("A rule needs a condition")
    fields = [condition.get("Field") for condition in conditions]
    for field in fields:
        if field not in CONFIGS:
            invalid(f"Condition field '{field}' must be one of {', '.join(CONFIGS)}")
        if field not in SEVERAL and fields.count(field) > 1:
            invalid(f"A rule can have only one '{field}' condition")
    for condition in conditions:
        check_condition(condition)
    texts = [value for condition in conditions for value in plain(condition)]
    if len(texts) + sum(len(regexes(condition)) for condition in conditions) > settings.quota("conditionValuesPerRule"):
        invalid("A rule has too many condition values")
    wildcards = [
        character
        for condition in conditions
        if condition["Field"] not in ("http-request-method", "source-ip")
        for text in plain(condition)
        for character in text
        if character in "*?"
    ]
    if len(wildcards) > settings.quota("conditionWildcardsPerRule"):
        invalid("A rule has too many wildcards")


def check_condition(condition):
    field = condition["Field"]
    values, expressions = plain(condition), regexes(condition)
    if not values and not expressions:
        invalid("A condition value must be specified")
    if values and expressions:
        invalid("A condition has either values or regular expressions")
    if condition.get("Values") and (config_of(condition) or len(condition["Values"]) > 1):
        invalid(f"Use {CONFIGS[field]} for several values")
    if any(len(text) > 128 for text in [*values, *expressions]):
        invalid("A condition value can have at most 128 characters")
    for value in values:
        if field in FORMATS and not re.fullmatch(FORMATS[field], value):
            invalid(f"The {field} value '{value}' is not valid")
    if field == "http-header" and not re.fullmatch(HEADER_NAME, config_of(condition)["HttpHeaderName"], re.I):
        invalid("The name of the header is not valid")


def config_of(condition):
    return condition.get(CONFIGS[condition["Field"]]) or {}


def plain(condition):
    values = config_of(condition).get("Values") or condition.get("Values") or []
    if condition["Field"] != "query-string":
        return values
    return [f"{pair['Key']}={pair['Value']}" if "Key" in pair else pair["Value"] for pair in values]


def regexes(condition):
    return config_of(condition).get("RegexValues") or condition.get("RegexValues") or []


def as_returned(conditions):
    return [returned(dict(condition)) for condition in conditions]


def returned(condition):
    if condition["Field"] in ("host-header", "path-pattern") and plain(condition):
        values = list(plain(condition))
        condition |= {"Values": values, CONFIGS[condition["Field"]]: {"Values": values}}
    return condition


TRANSFORMS = {"url-rewrite": "UrlRewriteConfig", "host-header-rewrite": "HostHeaderRewriteConfig"}


def check_transforms(transforms):
    kinds = [transform.get("Type") for transform in transforms]
    if len(set(kinds)) < len(kinds) or any(kind not in TRANSFORMS for kind in kinds):
        invalid("A rule can have one url-rewrite and one host-header-rewrite transform")
    for transform in transforms:
        if len((transform.get(TRANSFORMS[transform["Type"]]) or {}).get("Rewrites") or []) != 1:
            invalid("A transform has one rewrite")

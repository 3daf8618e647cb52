"""Trust stores for mutual TLS, which moto lacks: made, found by name or ARN, deleted unless in use.

API Reference: CreateTrustStore, DescribeTrustStores, DeleteTrustStore. The bundle in S3 isn't looked at.
"""

from types import SimpleNamespace

from moto.moto_api._internal import mock_random

from .correct import correct, elbv2, refuse
from .paging import paged
from .state import listeners

_stores = {}


def reset():
    _stores.clear()


def find_trust_store(arn):
    return _stores.get(arn) or refuse("TrustStoreNotFound", f"Trust store '{arn}' not found")


@correct(elbv2, "CreateTrustStore")
def create_trust_store(call, stock):
    name = call.input["Name"]
    if any(store.name == name for store in _stores.values()):
        refuse("DuplicateTrustStoreName", f"A trust store with the name '{name}' exists")
    id = mock_random.get_random_hex(16)
    arn = f"arn:aws:elasticloadbalancing:{call.region}:{call.account}:truststore/{name}/{id}"
    _stores[arn] = SimpleNamespace(
        name=name, trust_store_arn=arn, status="ACTIVE", number_of_ca_certificates=1, total_revoked_entries=0
    )
    return {"TrustStores": [_stores[arn]]}


@correct(elbv2, "DescribeTrustStores")
def describe_trust_stores(call, stock):
    arns, names = call.input.get("TrustStoreArns", []), call.input.get("Names", [])
    found = list(_stores.values())
    if arns or names:
        found = [store for store in found if store.trust_store_arn in arns or store.name in names]
    if len(found) < len({*arns, *names}):
        refuse("TrustStoreNotFound", "One or more trust stores not found")
    return paged(call, "TrustStores", found)


@correct(elbv2, "DeleteTrustStore")
def delete_trust_store(call, stock):
    arn = call.input["TrustStoreArn"]
    find_trust_store(arn)
    if any((one.mutual_authentication or {}).get("TrustStoreArn") == arn for one in listeners(call)):
        refuse("TrustStoreInUse", f"Trust store '{arn}' is in use")
    del _stores[arn]

"""ACM: certificates in use can't be deleted, only RSA ones are listed unasked, DNS validation waits for its record.

ACM API Reference: DeleteCertificate, DescribeCertificate, ListCertificates (Includes.keyTypes); User Guide: DNS
validation.
"""

import functools

from cryptography.hazmat.primitives.asymmetric import rsa
from moto.acm.models import CertBundle
from moto.route53.models import route53_backends

from .correct import acm, correct, refuse
from .state import listeners

LISTED_UNASKED = ("RSA_1024", "RSA_2048")


def users(call, arn):
    """ARNs of the load balancers whose listeners bear the certificate."""
    found = {one.load_balancer_arn for one in listeners(call) if arn in [*one.certificates, *one.extra_certificates]}
    return sorted(found)


@correct(acm, "DeleteCertificate")
def delete_certificate(call, stock):
    if users(call, call.input["CertificateArn"]):
        refuse("ResourceInUseException", f"Certificate {call.input['CertificateArn']} is in use")
    return stock()


@correct(acm, "DescribeCertificate")
def describe_certificate(call, stock):
    result = stock()
    result["Certificate"]["InUseBy"] = users(call, call.input["CertificateArn"])
    return result


@correct(acm, "ListCertificates")
def list_certificates(call, stock):
    kinds = (call.input.get("Includes") or {}).get("keyTypes") or LISTED_UNASKED
    listed = [one for one in stock()["CertificateSummaryList"] if one["KeyAlgorithm"] in kinds]
    for one in listed:
        one["InUse"] = bool(users(call, one["CertificateArn"]))
    size = int(call.input.get("MaxItems") or 1000)
    start = int(call.input.get("NextToken") or 0)
    more = {"NextToken": str(start + size)} if start + size < len(listed) else {}
    return {"CertificateSummaryList": listed[start : start + size], **more}


def check(self):
    """moto issues a certificate after a minute; AWS when the record it asks for is in the DNS."""
    if self.type != "AMAZON_ISSUED" or self.status != "PENDING_VALIDATION":
        return
    options = self.describe()["Certificate"]["DomainValidationOptions"]
    if all(exists(option["ResourceRecord"]) for option in options):
        self.status = "ISSUED"


def exists(record):
    return any(
        one.type == record["Type"] and one.name == record["Name"] and record["Value"] in one.records
        for regions in route53_backends.values()
        for backend in regions.values()
        for zone in backend.zones.values()
        for one in zone.rrsets
    )


CertBundle.check = check

# One key for all certificates: making one takes half a second, and nobody encrypts anything with it.
rsa.generate_private_key = functools.cache(rsa.generate_private_key)

"""Certificates of a listener beside its default one: one a call, kept apart from the default, counted over listeners.

API Reference: AddListenerCertificates ("You can specify one certificate per call"), RemoveListenerCertificates,
DescribeListenerCertificates. Adding one that is there succeeds and changes nothing.
"""

from . import settings
from .correct import correct, elbv2, invalid, refuse
from .listeners import check_certificate
from .paging import paged
from .state import listener, load_balancer


def the_one(asked):
    [*arns] = [item["CertificateArn"] for item in asked["Certificates"]]
    if len(arns) != 1:
        invalid(f"Exactly one certificate can be given, not {len(arns)}")
    return arns[0]


@correct(elbv2, "AddListenerCertificates")
def add_listener_certificates(call, stock):
    found = listener(call, call.input["ListenerArn"])
    arn = the_one(call.input)
    if found.protocol not in ("HTTPS", "TLS"):
        invalid(f"A {found.protocol} listener has no certificates")
    check_certificate(call, arn)
    if arn not in found.extra_certificates:
        if arn not in found.certificates and count(call, found) >= settings.quota("certificatesPerLoadBalancer"):
            refuse("TooManyCertificates", "The maximum number of certificates per load balancer has been reached")
        found.extra_certificates.append(arn)
    return {"Certificates": [{"CertificateArn": arn}]}


def count(call, found):
    """Over all listeners of the load balancer, default certificates not counted."""
    return sum(
        arn not in one.certificates
        for one in load_balancer(call, found.load_balancer_arn).listeners.values()
        for arn in one.extra_certificates
    )


@correct(elbv2, "RemoveListenerCertificates")
def remove_listener_certificates(call, stock):
    found = listener(call, call.input["ListenerArn"])
    arn = the_one(call.input)
    if arn in found.extra_certificates:
        found.extra_certificates.remove(arn)
    elif arn in found.certificates:
        refuse("OperationNotPermitted", "The default certificate cannot be removed")


@correct(elbv2, "DescribeListenerCertificates")
def describe_listener_certificates(call, stock):
    """A default certificate that was added as well is listed twice."""
    found = listener(call, call.input["ListenerArn"])
    listed = [{"CertificateArn": arn, "IsDefault": True} for arn in found.certificates]
    listed += [{"CertificateArn": arn, "IsDefault": False} for arn in found.extra_certificates]
    return paged(call, "Certificates", listed)

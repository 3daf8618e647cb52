"""Listeners: idempotent creation, one a port, TLS settings, attributes.

API Reference: CreateListener, ModifyListener, MutualAuthenticationAttributes, ListenerAttribute.
"""

from moto.elbv2.ssl_policies import SSL_POLICIES

from . import actions, attributes, settings
from .correct import correct, elbv2, invalid, refuse
from .rules import kept
from .state import listener, load_balancer, tags_of
from .tags import check_tags
from .trust_stores import find_trust_store

DEFAULT_POLICY = "ELBSecurityPolicy-2016-08"
PROTOCOLS = {"application": ("HTTP", "HTTPS"), "network": ("TCP", "TLS", "UDP", "TCP_UDP")}


@correct(elbv2, "CreateListener")
def create_listener(call, stock):
    asked = call.input
    balancer = load_balancer(call, asked["LoadBalancerArn"])
    port, protocol = asked.get("Port"), asked.get("Protocol")
    if port is None or not 1 <= port <= 65535:
        invalid(f"The listener port {port} must be between 1 and 65535")
    twin = next((one for one in balancer.listeners.values() if one.port == port), None)
    if twin:
        return answer_twin(twin, asked)
    if protocol not in PROTOCOLS[balancer.type]:
        refuse("UnsupportedProtocol", f"Protocol {protocol} is not supported by this load balancer")
    tls = check_tls(call, protocol, asked)
    actions.check_actions(call, {"Protocol": protocol, "LoadBalancerArn": balancer.arn}, asked["DefaultActions"])
    if len(balancer.listeners) >= settings.quota("listenersPerLoadBalancer"):
        refuse("TooManyListeners", "The maximum number of listeners on the load balancer has been reached")
    check_tags(tags_of(asked.get("Tags")))
    asked["DefaultActions"] = actions.as_returned(asked["DefaultActions"])
    result = stock_with_its_actions(asked, stock)
    [made] = result["Listeners"]
    set_tls(made, tls)
    made.extra_certificates = []
    made.attributes = attributes.initial(attributes.listener(protocol))
    return result


def stock_with_its_actions(asked, stock):
    """moto doesn't know every type of action: it makes the listener with the last one, and gets all afterwards."""
    given = asked["DefaultActions"]
    asked["DefaultActions"] = given[-1:]
    result = stock()
    set_default_actions(result["Listeners"][0], given)
    return result


def set_default_actions(found, given):
    found.default_actions = kept(given)
    found._default_rule[0].actions = found.default_actions


def answer_twin(twin, asked):
    """Creation is idempotent: the same settings again are answered with what exists, others refused."""
    certificates = [item["CertificateArn"] for item in asked.get("Certificates") or []]
    policy = asked.get("SslPolicy") or (DEFAULT_POLICY if twin.protocol == "HTTPS" else None)
    same = (
        twin.protocol == asked.get("Protocol")
        and [action.data for action in twin.default_actions] == actions.as_returned(asked["DefaultActions"])
        and twin.certificates == certificates
        and twin.ssl_policy == policy
        and (twin.mutual_authentication or OFF) == mutual_authentication(asked)
    )
    if not same:
        refuse("DuplicateListener", "A listener already exists on this port for this load balancer")
    return {"Listeners": [twin]}


OFF = {"Mode": "off"}


def mutual_authentication(asked):
    given = asked.get("MutualAuthentication") or OFF
    if given["Mode"] != "verify":
        return {"Mode": given["Mode"]}
    return {"IgnoreClientCertificateExpiry": False, "AdvertiseTrustStoreCaNames": "off", **given}


def check_tls(call, protocol, asked):
    """Certificate, policy and mutual authentication of a listener that speaks TLS; nothing for others."""
    certificates = [item["CertificateArn"] for item in asked.get("Certificates") or []]
    if protocol not in ("HTTPS", "TLS"):
        if certificates or asked.get("SslPolicy"):
            refuse("InvalidConfigurationRequest", f"A {protocol} listener has neither certificates nor a policy")
        return None
    if not certificates:
        invalid("A certificate must be specified for HTTPS listeners")
    if len(certificates) > 1:
        refuse("TooManyCertificates", "Exactly one certificate can be given")
    check_certificate(call, certificates[0])
    policy = asked.get("SslPolicy") or DEFAULT_POLICY
    if policy not in SSL_POLICIES:
        refuse("SSLPolicyNotFound", f"SSL policy '{policy}' not found")
    check_mutual_authentication(call, asked.get("MutualAuthentication") or OFF)
    return {"certificate": certificates[0], "policy": policy, "authentication": mutual_authentication(asked)}


def check_certificate(call, arn):
    if not call.elbv2._certificate_exists(arn):
        refuse("CertificateNotFound", f"Certificate '{arn}' not found")
    found = call.acm._certificates.get(arn)
    if found and found.status != "ISSUED":
        refuse("UnsupportedCertificate", f"The certificate '{arn}' must have a status of ISSUED")


def check_mutual_authentication(call, given):
    if given["Mode"] not in ("off", "passthrough", "verify"):
        invalid(f"'{given['Mode']}' is no mode of mutual authentication")
    if (given["Mode"] == "verify") != bool(given.get("TrustStoreArn")):
        invalid("A trust store is needed for verify, and for no other mode")
    if given.get("TrustStoreArn"):
        find_trust_store(given["TrustStoreArn"])


def set_tls(found, tls):
    found.ssl_policy = tls and tls["policy"]
    found.certificate = tls and tls["certificate"]
    found.certificates = [tls["certificate"]] if tls else []
    found.mutual_authentication = tls and tls["authentication"]


@correct(elbv2, "ModifyListener")
def modify_listener(call, stock):
    """What isn't given stays, the list of further certificates in any case."""
    asked = call.input
    found = listener(call, asked["ListenerArn"])
    balancer = load_balancer(call, found.load_balancer_arn)
    port, protocol = asked.get("Port", found.port), asked.get("Protocol", found.protocol)
    if any(other.port == port for other in balancer.listeners.values() if other is not found):
        refuse("DuplicateListener", "A listener already exists on this port for this load balancer")
    if protocol not in PROTOCOLS[balancer.type]:
        refuse("UnsupportedProtocol", f"Protocol {protocol} is not supported by this load balancer")
    tls = check_tls(call, protocol, with_present(found, asked) if protocol in ("HTTPS", "TLS") else asked)
    if asked.get("DefaultActions"):
        actions.check_actions(call, {"Protocol": protocol, "LoadBalancerArn": balancer.arn}, asked["DefaultActions"])
        set_default_actions(found, asked["DefaultActions"])
    if protocol != found.protocol:
        initial = attributes.initial(attributes.listener(protocol))
        found.attributes = {key: found.attributes.get(key, value) for key, value in initial.items()}
    found.port, found.protocol = port, protocol
    set_tls(found, tls)
    return {"Listeners": [found]}


def with_present(found, asked):
    present = {
        "Certificates": [{"CertificateArn": arn} for arn in found.certificates],
        "SslPolicy": found.ssl_policy,
        "MutualAuthentication": found.mutual_authentication,
    }
    return {**present, **{key: asked[key] for key in present if asked.get(key)}}


@correct(elbv2, "ModifyListenerAttributes")
def modify_listener_attributes(call, stock):
    found = listener(call, call.input["ListenerArn"])
    changes = {item["Key"]: item.get("Value", "") for item in call.input["Attributes"]}
    attributes.check(attributes.listener(found.protocol), found.attributes, changes)
    found.attributes.update(changes)
    return {"Attributes": found.attributes}

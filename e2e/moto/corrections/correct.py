"""How a correction is written.

    @correct(elbv2, "CreateRule")
    def create_rule(call, stock):
        ...                      # checks; refuse(code, message) answers with an error of AWS
        result = stock()         # moto's own answer, as the object that it would serialize
        return result

There is one correction an operation. `stock` is left uncalled where moto lacks the operation or can't be mended.
"""

import json

from moto.acm.models import acm_backends
from moto.acm.responses import AWSCertificateManagerResponse
from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.ec2.responses import EC2Response
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import elbv2_backends
from moto.elbv2.responses import ELBV2Response

elbv2 = ELBV2Response
ec2 = EC2Response
acm = AWSCertificateManagerResponse


class Call:
    """A call that is being answered: its input by AWS's names, and the state of its account and region."""

    def __init__(self, response):
        # Of the services here ACM alone leaves its JSON unparsed.
        self.input = response.params if response.automated_parameter_parsing else json.loads(response.body)
        self.account = response.current_account
        self.region = response.region

    @property
    def elbv2(self):
        return elbv2_backends[self.account][self.region]

    @property
    def ec2(self):
        return ec2_backends[self.account][self.region]

    @property
    def acm(self):
        return acm_backends[self.account][self.region]


def correct(service, operation):
    """Registers a correction of one operation of a service."""

    def register(correction):
        name = camelcase_to_underscores(operation)
        original = getattr(service, name, None)
        if getattr(original, "corrected", False):
            raise RuntimeError(f"{operation} is corrected twice")

        def answer(self):
            try:
                return ActionResult(correction(Call(self), lambda: original(self).result))
            except Refusal as refusal:
                raise ERRORS[service](refusal.code, refusal.message) from None

        answer.corrected = True
        setattr(service, name, answer)
        return correction

    return register


class Refusal(Exception):
    """An error of AWS, not yet in the form of the service that answers."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message


ERRORS = {
    elbv2: ELBClientError,
    ec2: EC2ClientError,
    acm: lambda code, message: AWSError(message, exception_type=code),
}


def refuse(code, message):
    """Ends the call with an error of AWS."""
    raise Refusal(code, message)


def invalid(message):
    """The commonest refusal."""
    refuse("ValidationError", message)

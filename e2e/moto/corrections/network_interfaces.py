"""Network interfaces are found by any of their addresses, not by the primary one only.

EC2 API Reference: DescribeNetworkInterfaces, filter addresses.private-ip-address.
"""

from moto.ec2.models.elastic_network_interfaces import NetworkInterface

_stock = NetworkInterface.get_filter_value


def get_filter_value(self, filter_name, method_name=None):
    if filter_name == "addresses.private-ip-address":
        return [address["PrivateIpAddress"] for address in self.private_ip_addresses]
    return _stock(self, filter_name, method_name)


NetworkInterface.get_filter_value = get_filter_value

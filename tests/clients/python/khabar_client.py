"""A client made of nothing but the server's reflection: no generated code."""

import os

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

ADDRESS = os.environ.get("SERVER_ADDRESS", "127.0.0.1:50051")
SERVICE = "khabar.v1.TextAnalyticsService"


class Client:
    """Calls methods by name and makes messages by name."""

    def __init__(self, address=ADDRESS):
        self.channel = grpc.insecure_channel(address)
        self.database = ProtoReflectionDescriptorDatabase(self.channel)
        self.pool = DescriptorPool(self.database)

    def close(self):
        self.channel.close()

    def services(self):
        return set(self.database.get_services())

    def message(self, name, **fields):
        """A message: `message("khabar.v1.Article", title="…")`."""
        return GetMessageClass(self.pool.FindMessageTypeByName(name))(**fields)

    def number(self, enum, name):
        return self.pool.FindEnumTypeByName(enum).values_by_name[name].number

    def method(self, name, service=SERVICE):
        """A callable for a method, of the kind its descriptor says."""
        method = self.pool.FindServiceByName(service).methods_by_name[name]
        kind = {
            (False, False): self.channel.unary_unary,
            (True, True): self.channel.stream_stream,
        }[method.client_streaming, method.server_streaming]
        return kind(
            f"/{service}/{name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )

    def call(self, name, **fields):
        """Calls a unary method of the service; its request has these fields."""
        method = self.pool.FindServiceByName(SERVICE).methods_by_name[name]
        request = GetMessageClass(method.input_type)(**fields)
        return self.method(name)(request, timeout=10)

    def details(self, status):
        """The details of a google.rpc.Status, by message name."""
        found = {}
        for any_message in status.details:
            name = any_message.type_url.rpartition("/")[2]
            found[name] = self.message(name)
            found[name].ParseFromString(any_message.value)
        return found

    def error_details(self, error):
        """The details that a failed call carries in its trailers."""
        trailers = dict(error.trailing_metadata())
        status = self.message("google.rpc.Status")
        status.ParseFromString(trailers["grpc-status-details-bin"])
        return self.details(status)

"""A client that knows nothing of Stepwire but its proto files. Reads a JSON request on standard input, prints a JSON answer.

Usage: python_client.py PROTO_ROOT TRAINER_ADDRESS
Request: {"dataset": id, "model": folder, "metrics": [body, ...], "events": [body, ...]}
"""
import importlib, json, os, sys, tempfile

import grpc
from google.protobuf import json_format
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from grpc_tools import protoc

root, address = sys.argv[1:3]
out = tempfile.mkdtemp()
files = [f"stepwire/v1/{name}" for name in sorted(os.listdir(f"{root}/stepwire/v1"))]
include = os.path.join(os.path.dirname(protoc.__file__), "_proto")
if protoc.main(["protoc", f"-I{root}", f"-I{include}", f"--python_out={out}", f"--grpc_python_out={out}", *files]) != 0:
    sys.exit("protoc failed")
sys.path.insert(0, out)
job = importlib.import_module("stepwire.v1.training_job_pb2")
service = importlib.import_module("stepwire.v1.trainer_service_pb2")
stubs = importlib.import_module("stepwire.v1.trainer_service_pb2_grpc")

request = json.load(sys.stdin)
answer = {}

# Strict parsers: an unknown field or a value of the wrong type is an exception.
points = [json_format.Parse(body, job.MetricPoint()) for body in request["metrics"]]
answer["steps"] = [p.step for p in points if p.kind == job.METRIC_KIND_TRAIN]
answer["losses"] = [p.loss for p in points if p.kind == job.METRIC_KIND_TRAIN]
events = [json_format.Parse(body, job.TrainingEvent()) for body in request["events"]]
answer["states"] = [job.TrainingJobState.Name(e.state_change.state) for e in events if e.WhichOneof("event") == "state_change"]

trainer = stubs.TrainerServiceStub(grpc.insecure_channel(address))
draft = json_format.ParseDict(
    {
        "model": request["model"],
        "dataset": {"id": request["dataset"]},
        "optimizer": {"name": "adamw", "hyperparameters": {"learning_rate": 5e-5}},
        "max_steps": 2,
        "batch_size": 8,
    },
    job.TrainingJob(),
)
planned = trainer.CreateTrainingJob(service.CreateTrainingJobRequest(training_job=draft, validate_only=True))
answer["plan"] = json_format.MessageToDict(planned.plan, preserving_proto_field_name=True)

created = trainer.CreateTrainingJob(service.CreateTrainingJobRequest(training_job=draft, request_id="from-python"))
again = trainer.CreateTrainingJob(service.CreateTrainingJobRequest(training_job=draft, request_id="from-python"))
answer["idempotent"] = created.uid == again.uid
watched = list(trainer.WatchTrainingJob(service.WatchTrainingJobRequest(id=created.id), timeout=120))
answer["watched"] = [e.WhichOneof("event") for e in watched if e.WhichOneof("event") != "heartbeat"]
answer["final"] = job.TrainingJobState.Name(trainer.GetTrainingJob(service.GetTrainingJobRequest(id=created.id)).state)

draft.optimizer.name = "adamv"
draft.batch_size = -1
try:
    trainer.CreateTrainingJob(service.CreateTrainingJobRequest(training_job=draft))
except grpc.RpcError as error:
    status = rpc_status.from_call(error)
    for detail in status.details:
        bad = error_details_pb2.BadRequest()
        if detail.Unpack(bad):
            answer["violations"] = {v.field: v.description for v in bad.field_violations}
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            answer["domain"] = info.domain
print(json.dumps(answer))

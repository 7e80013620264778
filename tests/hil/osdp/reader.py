"""OSDP readers (libosdp) on one line that say in JSON lines what they are told, and read cards when told to."""

import json
import os
import sys
import threading
import tty

import osdp

lock = threading.Lock()


def say(**what):
    with lock:
        print(json.dumps(what), flush=True)


class Line:
    """The line, heard by all readers."""

    def __init__(self, path):
        self.file = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.file)
        self.ears = []
        self.lock = threading.Lock()
        threading.Thread(target=self.hear, daemon=True).start()

    def hear(self):
        while True:
            arrived = os.read(self.file, 512)
            with self.lock:
                for ear in self.ears:
                    ear.heard.extend(arrived)


class Ear(osdp.Channel):
    def __init__(self, line):
        super().__init__()
        self.line = line
        self.heard = bytearray()
        line.ears.append(self)

    def read(self, most):
        with self.line.lock:
            taken = bytes(self.heard[:most])
            del self.heard[:most]
        return taken

    def write(self, frame):
        return os.write(self.line.file, bytes(frame))

    def flush(self):
        with self.line.lock:
            self.heard.clear()


def reader(line, told):
    flags = [osdp.LibFlag.InstallMode] if told.get("install") else []
    key = bytes.fromhex(told["key"]) if told.get("key") else None
    info = osdp.PDInfo(told["address"], Ear(line), scbk=key, flags=flags)
    caps = osdp.PDCapabilities([
        (osdp.Capability.ContactStatusMonitoring, 1, 2),
        (osdp.Capability.OutputControl, 1, 2),
        (osdp.Capability.LEDControl, 1, 1),
        (osdp.Capability.AudibleControl, 1, 1),
        (osdp.Capability.TextOutput, 1, 1),
        (osdp.Capability.CommunicationSecurity, 1, 1),
    ])
    outputs = [0, 0]

    def obey(command):
        if command["command"] == osdp.Command.Output:
            outputs[command["output_no"]] = int(command["control_code"] == 2)
            # Asked for its outputs it says no: the binding hands no states over. It can report them, though.
            report = {"event": osdp.Event.Status, "type": osdp.StatusReportType.Output, "report": bytes(outputs)}
            threading.Thread(target=device.submit_event, args=(report,)).start()
            say(output={"address": told["address"], "number": command["output_no"], "code": command["control_code"]})
        elif command["command"] == osdp.Command.LED:
            say(led={"address": told["address"], "colour": command["on_color"]})
        elif command["command"] == osdp.Command.Buzzer:
            say(buzz={"address": told["address"], "count": command["rep_count"]})
        elif command["command"] == osdp.Command.Text:
            say(text={"address": told["address"], "text": command["data"]})
        elif command["command"] == osdp.Command.Keyset:
            say(key={"address": told["address"]})
        return 0, None

    device = osdp.PeripheralDevice(info, caps, log_level=osdp.LogLevel.Emergency, command_handler=obey)
    device.start()
    return device


def main():
    told = json.loads(sys.argv[1])
    line = Line(told["path"])
    readers = {each["address"]: reader(line, each) for each in told["readers"]}
    say(ready=True)
    for text in sys.stdin:
        told = json.loads(text)
        device = readers[told["address"]]
        if told["do"] == "card":
            taken = device.submit_event({
                "event": osdp.Event.CardRead,
                "reader_no": 0,
                "direction": 0,
                "format": osdp.CardFormat.Wiegand,
                "length": told["bits"],
                "data": bytes.fromhex(told["data"]),
            })
            say(presented=told["data"], taken=taken)
        elif told["do"] == "local":
            device.submit_event({
                "event": osdp.Event.Status,
                "type": osdp.StatusReportType.Local,
                "report": bytes([told["tamper"], told["power"]]),
            })
            say(presented="local")
        elif told["do"] == "status":
            say(status={"online": bool(device.is_online()), "secure": bool(device.is_sc_active())})
    # The readers' threads would go on without an end.
    os._exit(0)


main()

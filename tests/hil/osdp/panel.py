"""An OSDP control panel (PyPI osdp) that says in JSON lines what it hears, and does what it is told in them."""

import json
import logging
import os
import sys
import threading

import osdp

lock = threading.Lock()


def say(**what):
    with lock:
        print(json.dumps(what), flush=True)


class Panel(osdp.ControlPanel):
    def on_raw_card_data_reply_received(self, address, card):
        say(card={"address": address, "bits": card.bit_count, "data": card.data.hex()})

    def on_nak_reply_received(self, address, nak):
        say(nak={"address": address, "code": nak.error_code.value})

    def on_local_status_report_reply_received(self, address, status):
        say(local={"address": address, "tamper": status.tamper, "power": status.power_failure})

    def on_input_status_report_reply_received(self, address, status):
        say(inputs={"address": address, "states": [bool(state) for state in status.statuses]})


def led(colour):
    keep = osdp.PermanentReaderControlCode.Nop
    black = osdp.LedColor.Black
    return osdp.ReaderLedControls([
        osdp.ReaderLedControl(
            0, 0, osdp.TemporaryReaderControlCode.SetTemporaryAndStartTimer, 5, 0,
            osdp.LedColor[colour], black, 20, keep, 0, 0, black, black,
        )
    ])


def outputs(number, on):
    code = osdp.OutputControlCode
    code = code.PermanentStateOnAbortTimedOperation if on else code.PermanentStateOffAbortTimedOperation
    return osdp.OutputControls([osdp.OutputControl(number, code, 0)])


def obey(panel, bus, line):
    told = json.loads(line)
    address = told["address"]
    if told["do"] == "id":
        found = panel.id_report(bus, address)
        say(id={"vendor": found.vendor_code.hex(), "model": found.model_number, "serial": found.serial_number})
    elif told["do"] == "cap":
        found = panel.device_capabilities(bus, address)
        say(cap=str(found))
    elif told["do"] == "status":
        local = panel.local_status(bus, address)
        inputs = panel.input_status(bus, address)
        outs = panel.output_status(bus, address)
        panel.reader_status(bus, address)
        say(status={
            "tamper": bool(local.tamper),
            "power": bool(local.power_failure),
            "inputs": [bool(state) for state in inputs.statuses],
            "outputs": [bool(state) for state in outs.statuses],
        })
    elif told["do"] == "led":
        say(led=panel.reader_led_control(bus, address, led(told["colour"])))
    elif told["do"] == "output":
        say(output=panel.output_control(bus, address, outputs(told["number"], told["on"])))
    elif told["do"] == "buzz":
        tone = osdp.ReaderBuzzerControl(0, osdp.ToneCode.DefaultTone, 5, 0, 0)
        reply = panel.send_command(bus, osdp.ReaderBuzzerControlCommand(address, tone))
        say(buzz=reply.type.name)
    elif told["do"] == "text":
        text = osdp.ReaderTextOutput(0, osdp.TextCommand.PermanentTextNoWrap, 0, 1, 1, told["text"])
        reply = panel.send_command(bus, osdp.ReaderTextOutputCommand(address, text))
        say(text=reply.type.name)


def watch(panel, bus, addresses):
    online = {address: False for address in addresses}
    while True:
        for address in addresses:
            device = panel._buses[bus]._configured_devices[address]
            now = device.is_online and (not device._use_secure_channel or device.is_security_established)
            # With a key that everybody knows the channel is only up until the key is given.
            now = now and not (device._use_secure_channel and device.is_scbkd)
            if now != online[address]:
                online[address] = now
                say(online={"address": address, "is": now})
        threading.Event().wait(0.05)


def main():
    logging.disable(logging.CRITICAL)
    told = json.loads(sys.argv[1])
    key = bytes.fromhex(told["key"]) if told.get("key") else None
    panel = Panel(master_key=key)
    bus = panel.start_connection(osdp.SerialPortOsdpConnection(told["path"], 115200))
    for address in told["addresses"]:
        panel.add_device(bus, address, told.get("crc", True), key is not None)
    threading.Thread(target=watch, args=(panel, bus, told["addresses"]), daemon=True).start()
    for line in sys.stdin:
        try:
            obey(panel, bus, line)
        except Exception as failed:
            say(failed=repr(failed), at=line)
    # The bus's thread would go on without an end.
    os._exit(0)


main()

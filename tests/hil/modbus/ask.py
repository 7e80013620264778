"""A master of pymodbus: asks what it is told to ask.

usage: ask.py rtu PATH BAUD | ask.py tcp PORT

Lines `METHOD BOARD ARGUMENT…` come in on standard input, such as `read_coils 1 0 8` or `write_coil 1 0 1`;
a value of several comes as `1,0,1`. For each, one line comes out: bits or words, `done`, `exception N`, or
`silence`.
"""

import sys

from pymodbus import FramerType
from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.exceptions import ModbusException

READS = {"read_coils", "read_discrete_inputs", "read_holding_registers", "read_input_registers"}
BITS = {"write_coil", "write_coils"}

if sys.argv[1] == "rtu":
    client = ModbusSerialClient(
        sys.argv[2], framer=FramerType.RTU, baudrate=int(sys.argv[3]), timeout=2.0, retries=2
    )
else:
    client = ModbusTcpClient("127.0.0.1", port=int(sys.argv[2]), timeout=2.0, retries=2)
assert client.connect()
print("ready", flush=True)


def asked(method, board, address, last):
    call = getattr(client, method)
    if method in READS:
        reply = call(address, count=int(last), device_id=board)
    else:
        values = [bool(int(v)) if method in BITS else int(v) for v in last.split(",")]
        reply = call(address, values if method.endswith("s") else values[0], device_id=board)
    if reply.isError():
        return f"exception {reply.exception_code}"
    if method not in READS:
        return "done"
    if method in ("read_coils", "read_discrete_inputs"):
        return " ".join(str(int(b)) for b in reply.bits[: int(last)])
    return " ".join(str(w) for w in reply.registers)


for line in sys.stdin:
    method, board, address, last = line.split()
    try:
        answer = asked(method, int(board), int(address), last)
    except ModbusException:
        answer = "silence"
    print(answer, flush=True)

"""Boards of pymodbus, on a serial line or behind a port.

usage: board.py rtu PATH BAUD | board.py tcp

Board 1 has 16 coils and 16 discrete inputs, board 7 has 16 bits in holding register 10 and 16 bits in input
register 0. `input BOARD NUMBER 0|1` on standard input sets an input. `ready [PORT]` and then
`output BOARD NUMBER 0|1` for each output that is written come out.
"""

import asyncio
import logging
import sys

from pymodbus import FramerType
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

INPUTS = {1: 0, 7: 0}


def say(*words):
    print(*words, flush=True)


async def plain(function, start, address, count, registers, values):
    if function == 2:
        registers[0] = INPUTS[1]
    if function in (5, 15) and values:
        for i, on in enumerate(values):
            say("output", 1, address + i, int(on))


async def words(function, start, address, count, registers, values):
    if function == 4:
        registers[0] = INPUTS[7]
    if function in (6, 16) and values:
        for bit in range(16):
            if (registers[address - start] ^ values[0]) >> bit & 1:
                say("output", 7, bit, values[0] >> bit & 1)


def bits(address):
    return [SimData(address, values=[False] * 16, datatype=DataType.BITS)]


def registers(address):
    return [SimData(address, count=1, values=0, datatype=DataType.REGISTERS)]


DEVICES = [
    SimDevice(1, (bits(0), bits(0), registers(0), registers(0)), action=plain),
    SimDevice(7, (bits(0), bits(0), registers(10), registers(0)), action=words),
]


async def listen():
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        _, board, number, on = line.split()
        bit = 1 << int(number)
        INPUTS[int(board)] = INPUTS[int(board)] | bit if on == "1" else INPUTS[int(board)] & ~bit


async def main():
    if sys.argv[1] == "rtu":
        server = ModbusSerialServer(
            DEVICES, framer=FramerType.RTU, port=sys.argv[2], baudrate=int(sys.argv[3]),
            ignore_missing_devices=True,
        )
    else:
        server = ModbusTcpServer(DEVICES, address=("127.0.0.1", 0), ignore_missing_devices=True)
    await server.serve_forever(background=True)
    if sys.argv[1] == "rtu":
        say("ready")
    else:
        say("ready", server.transport.sockets[0].getsockname()[1])
    await listen()


logging.disable(logging.CRITICAL)
asyncio.run(main())

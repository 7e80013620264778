"""An engine as a process of its own; the protocol is that of worker.rs.

An engine has `people`, a dictionary from number to position, `left`, how many are on the floor, and
`step(steps)`, which makes so many steps and returns agent-steps and processor seconds of the library's own calls.
"""

import json
import sys

LOOK_EVERY = 10


def say(answer):
    print(json.dumps(answer), flush=True)


def lane_at(scene, x):
    """The lane that somebody this far across came through, whichever was meant: the nearest."""
    middles = [(target["exit"][0] + target["exit"][2]) / 2 for target in scene["targets"]]
    return min(range(len(middles)), key=lambda i: abs(middles[i] - x))


def serve(make):
    with open(sys.argv[1], encoding="utf-8") as file:
        scene = json.load(file)
    steps, through = 0, set()
    try:
        engine = make(scene)
        say({"t": 0.0, "agent_steps": 0, "cpu_s": 0.0, "left": engine.left, "crossings": []})
        for line in sys.stdin:
            command, amount, seconds = line.split()
            wanted = float(amount) if command == "walk" else 0.0
            end = round(wanted / scene["dt_s"]) if command == "walk" else steps + int(amount)
            agent_steps, cpu_s, crossings = 0, 0.0, []
            while steps < end and cpu_s < float(seconds) and engine.left > 0:
                some = min(LOOK_EVERY, end - steps)
                made, took_s = engine.step(some)
                agent_steps, cpu_s, steps = agent_steps + made, cpu_s + took_s, steps + some
                if scene["finish_y"] is not None:
                    for number, (x, y) in engine.people.items():
                        if y > scene["finish_y"] and number not in through:
                            through.add(number)
                            crossings.append([steps * scene["dt_s"], lane_at(scene, x)])
            t = steps * scene["dt_s"]
            say({"t": t, "agent_steps": agent_steps, "cpu_s": cpu_s, "left": engine.left, "crossings": crossings})
    except Exception as error:  # Whatever a peer fails with is a result.
        words = f"{type(error).__name__}: {error}".splitlines()[0]
        say({"error": words[:100], "t": steps * scene["dt_s"]})

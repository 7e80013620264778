"""RVO2 by way of pyrvo: reciprocal collision avoidance among the 10 nearest within 3 m.

RVO2 has no exits and takes nobody off the floor: whenever somebody has arrived, the rest go on in a new simulator
with the positions and velocities they had. Only RVO2's own step is timed; people are pointed at their targets every
10 steps, and not timed.
"""

import math
import time

import pyrvo
import worker

NEIGHBOURS, WITHIN_M = 10, 3.0
HORIZON_S, OBSTACLE_HORIZON_S = 2.0, 1.0
RADIUS_M = 0.2


class Engine:
    def __init__(self, scene):
        self.scene = scene
        self.people = {agent["id"]: (agent["x"], agent["y"]) for agent in scene["agents"]}
        self.speeds = {agent["id"]: (0.0, 0.0) for agent in scene["agents"]}
        self.build()

    def build(self):
        self.sim = pyrvo.RVOSimulator()
        self.sim.set_time_step(self.scene["dt_s"])
        self.sim.set_agent_defaults(WITHIN_M, NEIGHBOURS, HORIZON_S, OBSTACLE_HORIZON_S, RADIUS_M, 2.0)
        x0, y0, x1, y1 = self.scene["bounds"]
        # Solid to the left of every edge: walls run clockwise, blocks the other way.
        self.sim.add_obstacle([(x0, y0), (x0, y1), (x1, y1), (x1, y0)])
        for x0, y0, x1, y1 in self.scene["blocks"]:
            self.sim.add_obstacle([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
        self.sim.process_obstacles()
        self.order = list(self.people)
        for index, number in enumerate(self.order):
            self.sim.add_agent(self.people[number])
            self.sim.set_agent_max_speed(index, self.scene["agents"][number]["speed"])
            self.sim.set_agent_velocity(index, self.speeds[number])

    @property
    def left(self):
        return len(self.people)

    def steer(self):
        for index, number in enumerate(self.order):
            agent = self.scene["agents"][number]
            target = self.scene["targets"][agent["target"]]
            x, y = self.people[number]
            to = target["via"]
            if to is None or y >= to[1]:
                left, low, right, high = target["exit"]
                to = ((left + right) / 2, (low + high) / 2)
            apart = math.hypot(to[0] - x, to[1] - y) or 1.0
            pace = agent["speed"] / apart
            self.sim.set_agent_pref_velocity(index, ((to[0] - x) * pace, (to[1] - y) * pace))

    def has_arrived(self, number):
        x, y = self.people[number]
        left, low, right, high = self.scene["targets"][self.scene["agents"][number]["target"]]["exit"]
        return left <= x <= right and low <= y <= high

    def step(self, steps):
        arrived = [number for number in self.order if self.has_arrived(number)]
        if arrived:
            for number in arrived:
                del self.people[number]
            self.build()
        self.steer()
        cpu_s = 0.0
        for _ in range(steps):
            before = time.process_time()
            self.sim.do_step()
            cpu_s += time.process_time() - before
        for index, number in enumerate(self.order):
            at, speed = self.sim.get_agent_position(index), self.sim.get_agent_velocity(index)
            self.people[number], self.speeds[number] = (at.x, at.y), (speed.x, speed.y)
        return steps * len(self.order), cpu_s


worker.serve(Engine)

"""JuPedSim: the collision-free speed model with its defaults, or its second version, calibrated.

Arguments: the scene, then `cfs` or `cfsv2`.
"""

import sys
import time

import jupedsim
import worker


class Engine:
    def __init__(self, scene):
        calibrated = sys.argv[2] == "cfsv2"
        if calibrated:
            model = jupedsim.CollisionFreeSpeedModelV2()
        else:
            model = jupedsim.CollisionFreeSpeedModel()
        self.sim = jupedsim.Simulation(model=model, geometry=scene["walkable"], dt=scene["dt_s"])
        journeys = []
        for target in scene["targets"]:
            x0, y0, x1, y1 = target["exit"]
            stage = self.sim.add_exit_stage([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
            journeys.append((self.sim.add_journey(jupedsim.JourneyDescription([stage])), stage))
        self.numbers = {}
        for agent in scene["agents"]:
            journey, stage = journeys[agent["target"]]
            known = {
                "position": (agent["x"], agent["y"]),
                "desired_speed": agent["speed"],
                "journey_id": journey,
                "stage_id": stage,
            }
            if calibrated:
                # Time gap and radius are the calibration; the rest are the model's defaults.
                made = jupedsim.CollisionFreeSpeedModelV2AgentParameters(time_gap=0.5, radius=0.15, **known)
            else:
                made = jupedsim.CollisionFreeSpeedModelAgentParameters(**known)
            self.numbers[self.sim.add_agent(made)] = agent["id"]

    @property
    def left(self):
        return self.sim.agent_count()

    @property
    def people(self):
        return {self.numbers[agent.id]: agent.position for agent in self.sim.agents()}

    def step(self, steps):
        agent_steps, cpu_s = 0, 0.0
        for _ in range(steps):
            agent_steps += self.sim.agent_count()
            before = time.process_time()
            self.sim.iterate()
            cpu_s += time.process_time() - before
        return agent_steps, cpu_s


worker.serve(Engine)

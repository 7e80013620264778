"""What PedPy makes of a run's trajectories: is everybody on the floor, and what goes through each lane.

Arguments: the file, then for every lane x, y, length and width, m, joined by commas. Prints one JSON object.
"""

import json
import pathlib
import sys

import pedpy

file = pathlib.Path(sys.argv[1])
walks = pedpy.load_trajectory_from_jupedsim_sqlite(trajectory_file=file)
floor = pedpy.load_walkable_area_from_jupedsim_sqlite(trajectory_file=file)


def through(lane):
    """People across the middle of a lane, and the density within it."""
    x, y, length, width = map(float, lane.split(","))
    left, right, middle = x - width / 2, x + width / 2, y + length / 2
    line = pedpy.MeasurementLine([(left, middle), (right, middle)])
    _, crossed = pedpy.compute_n_t(traj_data=walks, measurement_line=line)
    frames = sorted(crossed.frame)
    corners = [(left, y), (right, y), (right, y + length), (left, y + length)]
    area = pedpy.MeasurementArea(corners)
    density = pedpy.compute_classic_density(traj_data=walks, measurement_area=area).density
    seconds = (frames[-1] - frames[0]) / walks.frame_rate if len(frames) > 1 else 0
    return {
        "bodies": len(frames),
        "flow_per_min": 60 * (len(frames) - 1) / seconds if seconds else None,
        "density_max": float(density.max()),
        "body_seconds": float(density.sum()) * area.area / walks.frame_rate,
    }


strays = pedpy.get_invalid_trajectory(traj_data=walks, walkable_area=floor)
speeds = pedpy.compute_individual_speed(traj_data=walks, frame_step=5).speed
print(
    json.dumps(
        {
            "valid": bool(pedpy.is_trajectory_valid(traj_data=walks, walkable_area=floor)),
            "strays": strays[["id", "frame", "x", "y"]].head(5).values.tolist(),
            "fps": walks.frame_rate,
            "walks": int(walks.data.id.nunique()),
            "speed_max": float(speeds.max()),
            "lanes": [through(lane) for lane in sys.argv[2:]],
        }
    )
)

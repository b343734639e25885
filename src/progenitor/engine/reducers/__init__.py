"""What is kept of each patient's course when the course itself is not: one reducer a file."""

from progenitor.engine._course import Course
from progenitor.engine.reducers.area import Area
from progenitor.engine.reducers.crossing import Crossing
from progenitor.engine.reducers.last_above import LastAbove
from progenitor.engine.reducers.maximum import Maximum
from progenitor.engine.reducers.visits import Visits

__all__ = ["Area", "Course", "Crossing", "LastAbove", "Maximum", "Visits"]
